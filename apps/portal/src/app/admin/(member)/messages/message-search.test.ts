import type { MessageSummary } from '@signet/api-contract/messages';
import { expect, test } from 'vitest';
import { mergePages, questionsOf } from './message-search.ts';

const item = (number: number, acceptedAt = `2026-11-22T10:00:${String(number).padStart(2, '0')}.000Z`): MessageSummary => ({
  id: `0192f7a0-0000-7000-8000-${String(number).padStart(12, '0')}`,
  messageId: `<${number}@acme.example>`,
  subject: `Message ${number}`,
  sender: 'alice@acme.example',
  template: 'Acme',
  acceptedAt,
  expiresAt: null,
  size: 1000,
  isRevocable: true,
  revoked: false,
  recipients: [],
  recipientCount: 1,
  attachmentCount: 0,
  tracking: { state: 'on', reason: null },
});

test.each([
  ['nothing', '  ', [{}]],
  ['a Message-ID', ' <a.b@acme.example> ', [{ messageId: '<a.b@acme.example>' }]],
  ['Signet’s own id', '0192f7a0-0000-7000-8000-000000000001', [{ messageId: '0192f7a0-0000-7000-8000-000000000001' }]],
  ['words of the subject', 'settlement   agreement', [{ subject: 'settlement agreement' }]],
  ['an address', 'bob@example.net', [{ sender: 'bob@example.net*' }, { recipient: 'bob@example.net*' }, { messageId: 'bob@example.net' }]],
  ['a word', 'bob', [{ subject: 'bob' }, { sender: 'bob*' }, { recipient: 'bob*' }]],
])('the search box takes %s', (_, text, questions) => {
  expect(questionsOf(text)).toEqual(questions);
});

test('a message found twice is listed once, newest first', () => {
  const page = mergePages([
    { items: [item(5), item(3)], nextCursor: null },
    { items: [item(4), item(3)], nextCursor: null },
  ]);
  expect(page.items.map(({ subject }) => subject)).toEqual(['Message 5', 'Message 4', 'Message 3']);
  expect(page.before).toBeNull();
});

/** What the api would answer, three at a time. */
const ask = (all: readonly MessageSummary[], before: string | null) => {
  const rest = all
    .filter(({ acceptedAt }) => before === null || acceptedAt < before)
    .toSorted((a, b) => b.acceptedAt.localeCompare(a.acceptedAt));
  return { items: rest.slice(0, 3), nextCursor: rest.length > 3 ? 'more' : null };
};

test('walking the pages of two questions finds every message, whichever question has more to tell', () => {
  const first = Array.from({ length: 20 }, (_, index) => item(2 * index));
  const second = [...Array.from({ length: 7 }, (_, index) => item(2 * index + 1)), item(38)];
  const found = new Set<string>();
  let before: string | null = null;
  let pages = 0;
  do {
    const page = mergePages([ask(first, before), ask(second, before)]);
    for (const { id } of page.items) found.add(id);
    before = page.before;
    pages++;
  } while (before !== null && pages < 100);
  expect(pages).toBeLessThan(100);
  expect(found.size).toBe(27);
});
