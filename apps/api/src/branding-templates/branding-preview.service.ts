import { Inject, Injectable } from '@nestjs/common';
import type { brandingTemplateRoutes } from '@signet/api-contract/branding-templates';
import type { AnswerOf, BodyOf } from '@signet/api-contract/route';
import { appendAdminRecord } from '@signet/db/admin-record';
import { findShownLogo, type ShownLogo } from '@signet/db/branding-image';
import { findBrandingTemplate } from '@signet/db/branding-template';
import { Database } from '@signet/db/database';
import { findOrganizationIdentity } from '@signet/db/organization';
import { addToOutbox } from '@signet/db/outbox';
import { blankTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import { renderSampleWrapperMail } from '@signet/mail-templates/sample-wrapper-mail';
import { LOGO_CID } from '@signet/mail-templates/wrapper-branding';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { limitTries } from '../authentication/try-limit.ts';
import type { Settings } from '../env.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { brandingView } from '../recipient/branding-view.ts';
import { SETTINGS } from '../settings.ts';
import { warningsOf } from './template-view.ts';

/** How a template looks: drawn for whoever makes it, or mailed to them. */
@Injectable()
export class BrandingPreviewService {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Draws the template of a name with changes that nobody has saved; of no template, one in which nothing else is set. */
  async draw(
    caller: Administrator,
    name: string,
    { language, ...wanted }: BodyOf<typeof brandingTemplateRoutes.previewBrandingTemplate>,
  ): Promise<AnswerOf<typeof brandingTemplateRoutes.previewBrandingTemplate>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const organization = await findOrganizationIdentity(scope, caller.organizationId);
    if (!organization) throw notFound();
    const stored = await findBrandingTemplate(scope, name);
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const template: BrandingTemplate = { ...(stored?.content ?? blankTemplate(name)), ...given };
    const logo = await findShownLogo(scope, caller.organizationId, template.imageSha256);
    const around = { organization, domain: organization.domain, logo, at: new Date(), link: this.#linkTo(name) };
    const mail = await renderSampleWrapperMail(template, around);
    return {
      mail: { ...mail, html: withLogo(mail.html, logo) },
      portal: brandingView(template, organization.name, language, logo),
      warnings: warningsOf(template),
    };
  }

  /** Books a sample of the template as it is, to the member who asks. */
  async sendTest(caller: Administrator, name: string): Promise<{ to: string }> {
    const scope = this.database.forOrganization(caller.organizationId);
    const template = await findBrandingTemplate(scope, name);
    if (!template) throw notFound();
    if (caller.kind !== 'member') {
      throw new ProblemError('forbidden', { detail: 'A sample goes to the address of the member who asks, and an API key has none' });
    }
    await limitTries(this.database.system, 'template-test:member', caller.id);
    await scope.transaction(async (tx) => {
      const payload = { memberId: caller.id, revisionId: template.revisionId };
      await addToOutbox(tx, [{ kind: 'send-template-test', payload }]);
      const target = { kind: 'branding-template', id: template.content.name };
      await appendAdminRecord(tx, { ...actBy(caller), action: 'BrandingTemplateTest', target, after: { to: caller.email } });
    });
    return { to: caller.email };
  }

  #linkTo(name: string): string {
    return `${this.settings.PUBLIC_URL.replace(/\/+$/, '')}/admin/templates/${encodeURIComponent(name)}`;
  }
}

/** The mail's HTML with its attached picture put into it: a page has no attachments. */
function withLogo(html: string, logo: ShownLogo | null): string {
  return logo === null ? html : html.replaceAll(`cid:${LOGO_CID}`, `data:image/png;base64,${logo.png.toString('base64')}`);
}
