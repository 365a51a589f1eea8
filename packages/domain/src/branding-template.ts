import { z } from 'zod';

/** Name of the template that every organization has: editable, not removable, without expiry, never tracked. */
export const DEFAULT_TEMPLATE_NAME = 'OME Configuration';

/** Limits of the fields, as administrators know them from `New-OMEConfiguration`. */
export const templateLimits = {
  name: 64,
  introductionText: 1024,
  readButtonText: 1024,
  emailText: 1024,
  disclaimerText: 1024,
  portalText: 128,
  expiryInDays: 730,
} as const;

const text = (maximum: number) => z.string().max(maximum).nullable();

/** Look, texts, sign-in methods and expiry of a message ("OME configuration"). Null means the default wording. */
export const brandingTemplate = z.strictObject({
  name: z.string().min(1).max(templateLimits.name),
  isDefault: z.boolean(),
  /** `#RRGGBB` or a CSS colour name. */
  backgroundColor: z.string().max(64).nullable(),
  introductionText: text(templateLimits.introductionText),
  readButtonText: text(templateLimits.readButtonText),
  emailText: text(templateLimits.emailText),
  disclaimerText: text(templateLimits.disclaimerText),
  portalText: text(templateLimits.portalText),
  privacyStatementUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .nullable(),
  otpEnabled: z.boolean(),
  socialIdSignIn: z.boolean(),
  /** 0 never expires. */
  externalMailExpiryInDays: z.int().min(0).max(templateLimits.expiryInDays),
  /** Whether recipients may forward, print and copy out. */
  forwardingAllowed: z.boolean(),
  /** Whether wrapper mails show the message's subject. */
  subjectShown: z.boolean(),
});
export type BrandingTemplate = z.infer<typeof brandingTemplate>;

/** When a message accepted at a moment under a template expires, exact to the millisecond; null never. */
export function expiryOf(template: Pick<BrandingTemplate, 'externalMailExpiryInDays'>, acceptedAt: Date): Date | null {
  return template.externalMailExpiryInDays === 0 ? null : new Date(acceptedAt.getTime() + template.externalMailExpiryInDays * 86_400_000);
}
