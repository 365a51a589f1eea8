import { isDeepStrictEqual } from 'node:util';
import { templateFields, translatedTexts } from '@signet/domain/branding-template';
import { UsageError } from '../failure.ts';
import { jsonOrText, type JsonObject } from '../json-in.ts';
import { readWord, textOrNull, unknownName, valueOf, type Word } from '../words.ts';

const fields = Object.keys(templateFields.shape);
const TRANSLATION = 'translations.';
/** Texts, which stay what they look like: a number or `true` is none. */
const texts: ReadonlySet<string> = new Set([...translatedTexts, 'backgroundColor', 'privacyStatementUrl', 'mailLanguage']);

/** What can be set, for the help. */
export const templateWordsHelp = `
Fields, as name=value; null takes the default wording, or takes away what is set:
  ${fields.join(', ')}
Texts in other languages: translations.de.emailText='…', translations.de=null, or translations=<JSON>, which takes the place of all.`;

/** What words make of a template, as the fields of a request; what they do not name is not in it. */
export function templateFromWords(before: JsonObject, words: readonly string[]): JsonObject {
  let changes: JsonObject = {};
  for (const word of words.map(readWord)) {
    if (word.name.startsWith(TRANSLATION)) {
      const now: unknown = changes['translations'] ?? before['translations'];
      changes = { ...changes, translations: translated(isObject(now) ? now : {}, word) };
    } else if (fields.includes(word.name)) {
      const written = valueOf(word);
      changes = { ...changes, [word.name]: texts.has(word.name) ? textOrNull(written) : jsonOrText(written) };
    } else unknownName('field', word.name, fields);
  }
  return changes;
}

/** The translations with the text, or the whole language, that a word is about. */
function translated(now: JsonObject, word: Word): JsonObject {
  const [language = '', field, ...rest] = word.name.slice(TRANSLATION.length).split('.');
  const value = textOrNull(valueOf(word));
  if (language === '' || rest.length > 0) throw new UsageError(`${word.name}: write it as ${TRANSLATION}de.emailText=value.`);
  const others = Object.fromEntries(Object.entries(now).filter(([tag]) => tag !== language));
  if (field === undefined) {
    if (value === null) return others;
    throw new UsageError(`${word.name} takes null alone, which removes the language; a text is ${word.name}.emailText=value.`);
  }
  if (!translatedTexts.some((known) => known === field)) unknownName('translated text', field, translatedTexts);
  const before = now[language];
  return { ...others, [language]: { ...(isObject(before) ? before : {}), [field]: value } };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What of a file with a template is other than the template is. */
export function differing(wanted: JsonObject, now: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(wanted).filter(([field, value]) => !isDeepStrictEqual(value, now[field])));
}

/** What template show --json writes besides what can be set. */
export const notSet = ['name', 'isDefault', 'image', 'revision', 'createdAt', 'updatedAt', 'usedByRules', 'warnings'];

/** What is stored and means nothing yet is said where somebody asks for it. */
export const NO_SOCIAL_SIGN_IN =
  'Signet offers no sign-in with Google, Yahoo or Microsoft yet: it is kept, and recipients sign in with a passcode.';
