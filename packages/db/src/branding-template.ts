import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import { clock, newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { nameOfDoer, type Doer } from './message-detail.ts';
import type { Queryable } from './queryable.ts';

/** A branding template as it is now. */
export interface StoredTemplate {
  readonly content: BrandingTemplate;
  /** Names this state of it: another one after every change. */
  readonly revisionId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** What its picture is; null without one. */
  readonly image: ImageFacts | null;
}

interface ImageFacts {
  readonly contentType: string;
  readonly size: number;
  readonly shownWidth: number;
  readonly shownHeight: number;
}

/** What statements ask; a scope and a transaction of the organization both do. */
type Asking = Queryable & { readonly organizationId: string };

/** The organization's branding templates as they are now, the default one first, then by name. */
export function listBrandingTemplates(scope: Asking): Promise<StoredTemplate[]> {
  return findTemplates(scope, 'true');
}

/** The template of a name, whichever way it is written; null where there is none. */
export async function findBrandingTemplate(scope: Asking, name: string): Promise<StoredTemplate | null> {
  const [found] = await findTemplates(scope, 'lower(t.name) = lower($2)', [name]);
  return found ?? null;
}

async function findTemplates(scope: Asking, condition: string, values: readonly unknown[] = []): Promise<StoredTemplate[]> {
  const rows = await scope.query<{
    content: unknown;
    revision_id: string;
    created_at: Date;
    updated_at: Date;
    content_type: string | null;
    size: number;
    shown_width: number;
    shown_height: number;
  }>(
    `select r.content, r.id as revision_id, t.created_at, t.updated_at, i.content_type, length(i.original) as size, i.shown_width, i.shown_height
     from branding_template t
     join branding_template_revision r on r.organization_id = t.organization_id and r.id = t.revision_id
     left join branding_image i on i.organization_id = r.organization_id and i.sha256 = r.content ->> 'imageSha256'
     where t.organization_id = $1 and ${condition}
     order by t.is_default desc, t.name`,
    [scope.organizationId, ...values],
  );
  return rows.map((row) => ({
    content: brandingTemplate.parse(row.content),
    revisionId: row.revision_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    image:
      row.content_type === null
        ? null
        : { contentType: row.content_type, size: row.size, shownWidth: row.shown_width, shownHeight: row.shown_height },
  }));
}

/** Lets one administrator at a time change templates and rules of the organization: what one looked at stays so until the end. */
export async function lockTemplates(tx: OrganizationTransaction): Promise<void> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
}

/** Adds a template, whose name nothing else has; its record is the caller's to append. */
export async function createBrandingTemplate(tx: OrganizationTransaction, content: BrandingTemplate, by: Doer): Promise<void> {
  const { revisionId, at } = await addRevision(tx, content, by);
  await tx.query(
    `insert into branding_template (organization_id, name, is_default, revision_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)`,
    [tx.organizationId, content.name, content.isDefault, revisionId, at],
  );
}

/** Gives a template another state. Messages that were sent with the one before keep it. Its record is the caller's to append. */
export async function changeBrandingTemplate(tx: OrganizationTransaction, content: BrandingTemplate, by: Doer): Promise<void> {
  const { revisionId, at } = await addRevision(tx, content, by);
  await tx.query('update branding_template set revision_id = $3, updated_at = $4 where organization_id = $1 and name = $2', [
    tx.organizationId,
    content.name,
    revisionId,
    at,
  ]);
}

/** Takes a template away. What was sent with it keeps its revision, and so its look and its terms. */
export async function removeBrandingTemplate(tx: OrganizationTransaction, name: string): Promise<void> {
  await tx.query('delete from branding_template where organization_id = $1 and name = $2 and not is_default', [tx.organizationId, name]);
}

async function addRevision(tx: OrganizationTransaction, content: BrandingTemplate, by: Doer): Promise<{ revisionId: string; at: Date }> {
  const revisionId = newId();
  const at = await clock(tx);
  await tx.query(
    'insert into branding_template_revision (organization_id, id, name, content, created_at, created_by) values ($1, $2, $3, $4, $5, $6)',
    [tx.organizationId, revisionId, content.name, JSON.stringify(content), at, JSON.stringify(by)],
  );
  return { revisionId, at };
}

/** One state of a template: what it became, when and by whom. */
export interface TemplateRevision {
  readonly id: string;
  readonly content: BrandingTemplate;
  readonly at: Date;
  /** Null where it was not kept: Signet made the template itself. */
  readonly by: string | null;
  /** Whether the template was made, rather than changed. */
  readonly isFirst: boolean;
}

/**
 * The states that a template has been in, the newest first. Templates of the same name that were removed before are not among them.
 * @param limit how many at most.
 */
export async function listTemplateRevisions(
  scope: OrganizationScope,
  template: StoredTemplate,
  limit: number,
): Promise<TemplateRevision[]> {
  const rows = await scope.query<{ id: string; content: unknown; created_at: Date; created_by: unknown }>(
    `select id, content, created_at, created_by from branding_template_revision
     where organization_id = $1 and name = $2 and created_at >= $3 order by created_at desc, id desc limit $4`,
    [scope.organizationId, template.content.name, template.createdAt, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    content: brandingTemplate.parse(row.content),
    at: row.created_at,
    by: nameOfDoer(row.created_by),
    isFirst: row.created_at.getTime() === template.createdAt.getTime(),
  }));
}
