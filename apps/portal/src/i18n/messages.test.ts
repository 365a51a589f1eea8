import { alertKinds, alertTexts, alertWords } from '@signet/domain/alert';
import { recipientLanguages } from '@signet/domain/recipient-language';
import { createTranslator } from 'next-intl';
import { describe, expect, test } from 'vitest';
import { messagesOf } from './messages.ts';

/** Every text by the path to it. */
function textsOf(messages: object, path = ''): [path: string, text: string][] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? textsOf(value, `${path}${key}.`) : [[`${path}${key}`, String(value)] as [string, string]],
  );
}

const placeholders = (text: string) => new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1]));

const recipientTexts = (language: (typeof recipientLanguages)[number]) => {
  const { common, recipient } = messagesOf[language];
  return textsOf({ common, recipient });
};

describe.each(recipientLanguages.filter((language) => language !== 'en'))('in %s', (language) => {
  test('recipients have each text, with what English fills into it, and none is left in English', () => {
    const english = recipientTexts('en');
    const texts = recipientTexts(language);
    expect(texts.map(([path]) => path).toSorted()).toEqual(english.map(([path]) => path).toSorted());
    const byPath = new Map(texts);
    for (const [path, text] of english) {
      expect(placeholders(byPath.get(path) ?? ''), path).toEqual(placeholders(text));
    }
    // A word alone may be the same in both.
    const untranslated = english.filter(([path, text]) => /\s/.test(text) && byPath.get(path) === text);
    expect(untranslated).toEqual([]);
  });

  test.each([0, 1, 2, 5, 11, 100])('a wrong passcode says how many tries are left: %i', (tries) => {
    const t = createTranslator({ locale: language, messages: messagesOf[language], namespace: 'recipient.passcode' });
    expect(t('wrongWithTries', { tries })).not.toMatch(/[{}]|recipient\./);
  });
});

test.each(alertKinds)('of %s the screen says what mails, webhooks and the command line say', (kind) => {
  expect(messagesOf.en.alerts.kind[kind]).toEqual({ title: alertWords[kind], ...alertTexts[kind] });
});
