import type { Branding } from '@signet/api-contract/recipient';
import { textsIn, type BrandingTemplate } from '@signet/domain/branding-template';

/** What the recipient's pages show of a template, in a reader's language. */
export function brandingView(
  template: BrandingTemplate,
  organizationName: string,
  language: string | null,
  logo: { readonly width: number; readonly height: number } | null,
): Branding {
  const { portalText, disclaimerText, footerText } = textsIn(template, language);
  return {
    organizationName,
    backgroundColor: template.backgroundColor,
    portalText,
    disclaimerText,
    footerText,
    privacyStatementUrl: template.privacyStatementUrl,
    logo: logo && { width: logo.width, height: logo.height },
  };
}
