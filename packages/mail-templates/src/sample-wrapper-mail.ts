import { expiryOf, type BrandingTemplate } from '@signet/domain/branding-template';
import type { MailLanguages } from '@signet/domain/recipient-language';
import type { RenderedMail } from './mail-frame.tsx';
import { wrapperBranding } from './wrapper-branding.ts';
import { renderWrapperMail } from './wrapper-mail.tsx';

/** What a sample is made of besides its template. */
export interface SampleSurroundings {
  readonly organization: { readonly name: string; readonly mailLanguages: MailLanguages };
  /** One of the organization's domains. */
  readonly domain: string;
  readonly logo: { readonly width: number; readonly height: number } | null;
  /** Where the button leads: there is no message to read. */
  readonly link: string;
  /** When the message would have been accepted. */
  readonly at: Date;
}

/** A wrapper mail as a template makes it, with sample data. */
export function renderSampleWrapperMail(template: BrandingTemplate, around: SampleSurroundings): Promise<RenderedMail> {
  return renderWrapperMail({
    branding: wrapperBranding(template, around.organization, around.logo),
    senderName: null,
    senderAddress: `ada.lovelace@${around.domain}`,
    subject: template.subjectShown ? `Sample of the template “${template.name}”` : null,
    link: around.link,
    reference: '4F7A-09C2-E1B8',
    expiresAt: expiryOf(template, around.at)?.toISOString() ?? null,
    // As with tracking on, which is what custom templates are for.
    trackingNotice: !template.isDefault,
  });
}
