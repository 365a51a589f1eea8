import { z } from 'zod';

/** The languages in which Signet itself speaks to recipients; the first is for everybody else. */
export const recipientLanguages = ['en', 'de', 'fr', 'es', 'it', 'ar'] as const;
export const recipientLanguage = z.enum(recipientLanguages);
export type RecipientLanguage = z.infer<typeof recipientLanguage>;

/** The languages of an organization's wrapper mails whose template names none: the first, and for a mail in two languages the second. */
export const mailLanguages = z
  .array(recipientLanguage)
  .min(1)
  .max(2)
  .refine((languages) => new Set(languages).size === languages.length, { error: 'must not name a language twice' });
export type MailLanguages = z.infer<typeof mailLanguages>;

/** The direction in which a language of ours is written. */
export function directionOf(language: RecipientLanguage): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** The language of ours that a tag (BCP 47) belongs to, as `de` for `de-CH`; undefined where Signet does not speak it. */
export function recipientLanguageOf(tag: string): RecipientLanguage | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  return recipientLanguages.find((language) => language === primary);
}
