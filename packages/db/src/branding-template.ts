import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import type { OrganizationScope } from './database.ts';

/** The organization's branding templates as they are now, the default one first, then by name. */
export async function listBrandingTemplates(scope: OrganizationScope): Promise<BrandingTemplate[]> {
  const { organizationId, prisma } = scope;
  const templates = await prisma.brandingTemplate.findMany({
    where: { organizationId },
    orderBy: [{ isDefault: 'desc' }, { name: 'asc' }],
  });
  const revisions = await prisma.brandingTemplateRevision.findMany({
    where: { organizationId, id: { in: templates.map((template) => template.revisionId) } },
  });
  const contents = new Map(revisions.map((revision) => [revision.id, revision.content]));
  return templates.map((template) => brandingTemplate.parse(contents.get(template.revisionId)));
}
