import { textsIn, type BrandingTemplate } from '@signet/domain/branding-template';
import type { MailLanguages } from '@signet/domain/recipient-language';
import type { WrapperMailData } from './wrapper-mail.tsx';

/** Content-ID of a wrapper mail's logo. */
export const LOGO_CID = 'logo@signet';

/**
 * What a template makes of its wrapper mails: in its own mail language, or else in those of the organization.
 */
export function wrapperBranding(
  template: BrandingTemplate,
  organization: { readonly name: string; readonly mailLanguages: MailLanguages },
  logo: { readonly width: number; readonly height: number } | null,
): WrapperMailData['branding'] {
  const languages = template.mailLanguage === null ? organization.mailLanguages : [template.mailLanguage];
  return {
    organizationName: organization.name,
    texts: languages.map((language) => {
      const { portalText: _, ...texts } = textsIn(template, language);
      return { language, ...texts };
    }),
    backgroundColor: template.backgroundColor,
    logo: logo && { cid: LOGO_CID, width: logo.width, height: logo.height },
    privacyStatementUrl: template.privacyStatementUrl,
  };
}
