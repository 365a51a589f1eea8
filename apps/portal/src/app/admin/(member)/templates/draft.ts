import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import { translatedTexts, type BrandingTemplate, type TranslatedText } from '@signet/domain/branding-template';

/** The texts of one language as they are typed. */
export type DraftTexts = Readonly<Record<TranslatedText, string>>;

/** A template as it is typed: boxes hold text, an empty one means the default wording. */
export interface Draft {
  readonly name: string;
  readonly backgroundColor: string;
  readonly privacyStatementUrl: string;
  readonly externalMailExpiryInDays: string;
  readonly mailLanguage: string;
  readonly otpEnabled: boolean;
  readonly socialIdSignIn: boolean;
  readonly forwardingAllowed: boolean;
  readonly subjectShown: boolean;
  readonly texts: DraftTexts;
  readonly translations: Readonly<Record<string, DraftTexts>>;
}

/** What the api is told of a template, as its contract names it. */
export type TemplateFields = { [field in Exclude<keyof BrandingTemplate, 'name' | 'isDefault' | 'imageSha256'>]?: BrandingTemplate[field] };

function textsOf(texts: { readonly [field in TranslatedText]?: string | null | undefined }): DraftTexts {
  return {
    introductionText: texts.introductionText ?? '',
    readButtonText: texts.readButtonText ?? '',
    emailText: texts.emailText ?? '',
    disclaimerText: texts.disclaimerText ?? '',
    portalText: texts.portalText ?? '',
    footerText: texts.footerText ?? '',
  };
}

export const emptyTexts = textsOf({});

/** What the boxes hold of a template at first; without one, of a template in which nothing is set. */
export function draftOf(template: StoredTemplate | null, name = template?.name ?? ''): Draft {
  return {
    name,
    backgroundColor: template?.backgroundColor ?? '',
    privacyStatementUrl: template?.privacyStatementUrl ?? '',
    externalMailExpiryInDays: String(template?.externalMailExpiryInDays ?? 0),
    mailLanguage: template?.mailLanguage ?? '',
    otpEnabled: template?.otpEnabled ?? true,
    socialIdSignIn: template?.socialIdSignIn ?? true,
    forwardingAllowed: template?.forwardingAllowed ?? true,
    subjectShown: template?.subjectShown ?? true,
    texts: textsOf(template ?? {}),
    translations: Object.fromEntries(Object.entries(template?.translations ?? {}).map(([tag, texts]) => [tag, textsOf(texts)])),
  };
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}

function filled(texts: DraftTexts): Partial<Record<TranslatedText, string>> {
  return Object.fromEntries(translatedTexts.filter((field) => texts[field].trim() !== '').map((field) => [field, texts[field]]));
}

/** Everything typed. The default template has no expiry to be told of. */
export function fieldsOf(draft: Draft, isDefault: boolean): TemplateFields {
  const { texts } = draft;
  return {
    backgroundColor: orNull(draft.backgroundColor.trim()),
    privacyStatementUrl: orNull(draft.privacyStatementUrl.trim()),
    ...(isDefault ? {} : { externalMailExpiryInDays: daysOf(draft.externalMailExpiryInDays) }),
    mailLanguage: orNull(draft.mailLanguage),
    otpEnabled: draft.otpEnabled,
    socialIdSignIn: draft.socialIdSignIn,
    forwardingAllowed: draft.forwardingAllowed,
    subjectShown: draft.subjectShown,
    introductionText: orNull(texts.introductionText),
    readButtonText: orNull(texts.readButtonText),
    emailText: orNull(texts.emailText),
    disclaimerText: orNull(texts.disclaimerText),
    portalText: orNull(texts.portalText),
    footerText: orNull(texts.footerText),
    translations: Object.fromEntries(Object.entries(draft.translations).map(([tag, translated]) => [tag, filled(translated)])),
  };
}

/** Days as typed; what is no number is none of the days that the api takes. */
function daysOf(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : -1;
}

/** The fields in which what is typed differs from what was there, so that nothing else is touched. */
export function changedFields(before: Draft, after: Draft, isDefault: boolean): TemplateFields {
  const old = new Map(Object.entries(fieldsOf(before, isDefault)).map(([field, value]) => [field, JSON.stringify(value)]));
  return Object.fromEntries(
    Object.entries(fieldsOf(after, isDefault)).filter(([field, value]) => old.get(field) !== JSON.stringify(value)),
  );
}
