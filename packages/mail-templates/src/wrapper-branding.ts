import { textsIn, type BrandingTemplate } from '@signet/domain/branding-template';
import type { WrapperMailData } from './wrapper-mail.tsx';

/** Content-ID of a wrapper mail's logo. */
export const LOGO_CID = 'logo@signet';

/** What a template makes of its wrapper mails, in the language that it has chosen for them. */
export function wrapperBranding(
  template: BrandingTemplate,
  organizationName: string,
  logo: { readonly width: number; readonly height: number } | null,
): WrapperMailData['branding'] {
  const { portalText: _, ...texts } = textsIn(template, template.mailLanguage);
  return {
    ...texts,
    organizationName,
    backgroundColor: template.backgroundColor,
    logo: logo && { cid: LOGO_CID, width: logo.width, height: logo.height },
    privacyStatementUrl: template.privacyStatementUrl,
  };
}
