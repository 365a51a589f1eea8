import { z } from 'zod';
import { hexColor } from './contrast.ts';

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
  footerText: 1024,
  expiryInDays: 730,
  languages: 50,
} as const;

/** The texts that a template may have in other languages, too. */
export const translatedTexts = ['introductionText', 'readButtonText', 'emailText', 'disclaimerText', 'portalText', 'footerText'] as const;
export type TranslatedText = (typeof translatedTexts)[number];

const text = (maximum: number) => z.string().max(maximum).nullable();

/** Text over several lines as administrators may write it: without what PostgreSQL or a mail cannot carry. */
const givenText = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .regex(/^(?:\P{Cc}|[\t\n\r])*$/u, { error: 'must not contain control characters' })
    .refine((value) => value.isWellFormed(), { error: 'must not contain half a surrogate pair' })
    .nullable();

/** Whether something is a BCP 47 tag in its canonical form. */
export function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

/** A language as tags name it. One form each, so that no language is there twice. */
export const languageTag = z
  .string()
  .max(35)
  .refine(isLanguageTag, { error: 'must be a language tag (BCP 47) such as de, pt-BR or zh-Hant' })
  .meta({ example: 'de' });

const textsOf = (kind: typeof text | typeof givenText) => ({
  introductionText: kind(templateLimits.introductionText),
  readButtonText: kind(templateLimits.readButtonText),
  emailText: kind(templateLimits.emailText),
  disclaimerText: kind(templateLimits.disclaimerText),
  portalText: kind(templateLimits.portalText),
  footerText: kind(templateLimits.footerText),
});
const { footerText, ...texts } = textsOf(text);
const givenTexts = textsOf(givenText);
const mailLanguage = languageTag.nullable();
const translations = z
  .record(languageTag, z.strictObject(givenTexts).partial())
  .refine((given) => Object.keys(given).length <= templateLimits.languages, {
    error: `must not have more than ${templateLimits.languages} languages`,
  });

/**
 * Look, texts, sign-in methods and expiry of a message ("OME configuration"). Null means the default wording. Messages keep the revision
 * that they were sent with, so a field that joins later has a preset.
 */
export const brandingTemplate = z.strictObject({
  name: z.string().min(1).max(templateLimits.name),
  isDefault: z.boolean(),
  /** `#RRGGBB` or a CSS colour name. */
  backgroundColor: z.string().max(64).nullable(),
  ...texts,
  footerText: footerText.default(null),
  privacyStatementUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .nullable(),
  otpEnabled: z.boolean(),
  socialIdSignIn: z.boolean().meta({
    description: 'Kept as it is set. Signet offers no sign-in with Google, Yahoo or Microsoft yet: recipients sign in with a passcode.',
  }),
  /** 0 never expires. */
  externalMailExpiryInDays: z.int().min(0).max(templateLimits.expiryInDays),
  /** Whether recipients may forward, print and copy out. */
  forwardingAllowed: z.boolean(),
  /** Whether wrapper mails show the message's subject. */
  subjectShown: z.boolean(),
  /** Language of the mails' own texts; null: the texts above. */
  mailLanguage: mailLanguage.default(null),
  translations: translations.default({}),
  /** SHA-256 of the uploaded picture in hexadecimal digits; null: the organization's name stands in its place. */
  imageSha256: z
    .string()
    .regex(/^[\da-f]{64}$/)
    .nullable()
    .default(null),
});
export type BrandingTemplate = z.infer<typeof brandingTemplate>;

/** A colour as administrators may write it. */
export const brandColor = z
  .string()
  .max(64)
  .refine((color) => /^(?:#[\da-f]{6}|[a-z]+)$/i.test(color) && hexColor(color) !== null, {
    error: 'must be #RRGGBB or the name of a CSS colour',
  })
  .meta({ example: '#0F4C5C' });

/** What administrators may write as a new template's name. The name is its identity: it never changes. */
export const templateName = z
  .string()
  .trim()
  .min(1)
  .max(templateLimits.name)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, { error: 'must not contain control characters or line breaks' })
  // Addresses cannot hold these two as a step of theirs.
  .refine((name) => name.isWellFormed() && name !== '.' && name !== '..', { error: 'must be a name' });

/** What administrators set of a template. Without presets: what is left out of a change is not to be changed. */
export const templateFields = brandingTemplate
  .omit({ name: true, isDefault: true, imageSha256: true })
  .extend({ ...givenTexts, backgroundColor: brandColor.nullable(), mailLanguage, translations });

/** A custom template in which nothing has been set. */
export function blankTemplate(name: string): BrandingTemplate {
  return {
    name,
    isDefault: false,
    backgroundColor: null,
    introductionText: null,
    readButtonText: null,
    emailText: null,
    disclaimerText: null,
    portalText: null,
    footerText: null,
    privacyStatementUrl: null,
    otpEnabled: true,
    socialIdSignIn: true,
    externalMailExpiryInDays: 0,
    forwardingAllowed: true,
    subjectShown: true,
    mailLanguage: null,
    translations: {},
    imageSha256: null,
  };
}

/** A field of a template that cannot be as it is wanted, and why. */
export interface TemplateFault {
  readonly field: keyof BrandingTemplate;
  readonly detail: string;
}

/**
 * What fields cannot say alone: a wish that would have no effect, or would lock recipients out, is refused and never taken silently.
 * @param wanted the fields that are to be set, as they were given.
 * @param otherSignIn whether recipients have a way to sign in besides the passcode.
 */
export function templateFaults(
  { isDefault }: Pick<BrandingTemplate, 'isDefault'>,
  wanted: { readonly [field in keyof BrandingTemplate]?: BrandingTemplate[field] | undefined },
  otherSignIn: boolean,
): TemplateFault[] {
  const faults: TemplateFault[] = [];
  if (isDefault && wanted.externalMailExpiryInDays !== undefined) {
    faults.push({ field: 'externalMailExpiryInDays', detail: 'Messages under the default template never expire: use a custom template' });
  }
  if (wanted.otpEnabled === false && !otherSignIn) {
    faults.push({ field: 'otpEnabled', detail: 'Nobody could open such a message: there is no way to sign in besides the passcode' });
  }
  return faults;
}

/**
 * The template's texts for a reader of a language, each by itself: the language as it is tagged, then the ones it belongs to (`zh-Hant`
 * and `zh` for `zh-Hant-TW`), then the template's own text. Null is the default wording; a blank text counts as none.
 */
export function textsIn(
  template: Pick<BrandingTemplate, TranslatedText | 'translations'>,
  language: string | null,
): Record<TranslatedText, string | null> {
  const offered = new Map(Object.entries(template.translations).map(([tag, translated]) => [tag.toLowerCase(), translated]));
  const sources = [...(language === null ? [] : lookupChain(language).map((tag) => offered.get(tag))), template];
  const textOf = (field: TranslatedText) => sources.map((source) => source?.[field]).find((value) => value != null && value.trim() !== '');
  return {
    introductionText: textOf('introductionText') ?? null,
    readButtonText: textOf('readButtonText') ?? null,
    emailText: textOf('emailText') ?? null,
    disclaimerText: textOf('disclaimerText') ?? null,
    portalText: textOf('portalText') ?? null,
    footerText: textOf('footerText') ?? null,
  };
}

/** A tag and what it belongs to, the nearest first (RFC 4647, 3.4), in lower case. */
function lookupChain(tag: string): string[] {
  const steps = tag.toLowerCase().split('-');
  return steps.map((_, index) => steps.slice(0, steps.length - index).join('-'));
}

/** The fields in which two states of a template differ, as they were and as they are. */
export function templateChanges(
  before: BrandingTemplate,
  after: BrandingTemplate,
): { before: Partial<BrandingTemplate>; after: Partial<BrandingTemplate> } {
  const changed = Object.keys(after).filter((field) => canonical(before, field) !== canonical(after, field));
  const pick = (template: BrandingTemplate) => Object.fromEntries(Object.entries(template).filter(([field]) => changed.includes(field)));
  return { before: pick(before), after: pick(after) };
}

/** A field's value in a form that equal values share: the order of languages says nothing. */
function canonical(template: BrandingTemplate, field: string): string | undefined {
  const value = new Map<string, unknown>(Object.entries(template)).get(field);
  return JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}

/** When a message accepted at a moment under a template expires, exact to the millisecond; null never. */
export function expiryOf(template: Pick<BrandingTemplate, 'externalMailExpiryInDays'>, acceptedAt: Date): Date | null {
  return template.externalMailExpiryInDays === 0 ? null : new Date(acceptedAt.getTime() + template.externalMailExpiryInDays * 86_400_000);
}
