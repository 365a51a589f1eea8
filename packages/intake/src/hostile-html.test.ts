import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParserPool } from './parser-pool.ts';
import { HtmlTooDeepError, sanitiseHtml } from './sanitise-html.ts';
import { takeIn } from './take-in.ts';
import type { TakenMessage } from './take-in.ts';
import { dangersIn } from './testing/dangers-in.ts';
import { readHostileMails } from './testing/hostile-html.ts';
import { openTestVault, ORGANIZATION_ID } from './testing/test-vault.ts';
import type { TestVault } from './testing/test-vault.ts';

/** No mail of a person takes a tenth of it; a loaded machine is slow. Milliseconds. */
const TIME_LIMIT = 3_000;

const mails = await readHostileMails();

let vault: TestVault;
let parser: ParserPool;
beforeAll(async () => {
  vault = await openTestVault();
  parser = new ParserPool({ size: 1 });
});
afterAll(async () => {
  await parser.close();
  await vault.close();
});

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Takes a message in. @returns it, the HTML that is stored of it and the Content-IDs of its parts. */
async function take(message: Buffer): Promise<{ taken: TakenMessage; html: string | null; contentIds: Set<string> }> {
  const blob = await vault.createBlob();
  const taken = await takeIn({
    source: once(message),
    organizationId: ORGANIZATION_ID,
    sender: 'ann@acme.example',
    recipients: ['bob@example.net'],
    senderGroups: [],
    ownDomains: [],
    rules: [],
    templates: { names: ['Acme'], defaultName: 'Acme' },
    blob,
    parser,
    loopKeys: [],
    maxBytes: 25 * 1024 * 1024,
    refuseBareNewlines: true,
    receivedField: 'Received: by signet.example\r\n',
  });
  if (taken.outcome !== 'accepted') throw new Error(taken.outcome);
  const stored = taken.parts.find(({ kind }) => kind === 'html')?.stored;
  const pieces: Uint8Array[] = [];
  if (stored) for await (const piece of blob.readBack(stored)) pieces.push(Buffer.from(piece));
  await blob.abort();
  const contentIds = new Set(taken.parts.flatMap((part) => ('contentId' in part && part.contentId !== null ? [part.contentId] : [])));
  return { taken, html: stored ? Buffer.concat(pieces).toString() : null, contentIds };
}

/** Nothing is left of HTML that is given up. */
function sanitisedUnlessTooDeep(html: string): string {
  try {
    return sanitiseHtml(html, new Set()).html;
  } catch (error) {
    if (error instanceof HtmlTooDeepError) return '';
    throw error;
  }
}

/** What is wrong with HTML that was sanitised. */
function faultsOf(html: string, contentIds: ReadonlySet<string>): string[] {
  const written = new Set([...contentIds].map((contentId) => `cid:${encodeURIComponent(contentId)}`));
  const changed = sanitiseHtml(html, contentIds).html === html ? [] : ['sanitising it again changes it'];
  return [...dangersIn(html, (source) => written.has(source)), ...changed];
}

test('the collection is there, each mail under a name of its own', () => {
  expect(mails.length).toBeGreaterThanOrEqual(290);
  expect(new Set(mails.map(({ name }) => name)).size).toBe(mails.length);
});

test('nearly all of it is dangerous as it comes, so that finding nothing afterwards means something', () => {
  // An independent parser takes minutes for the bombs.
  const raw = mails.filter(({ name, html }) => html !== null && !name.startsWith('bombs/'));
  const silent = raw.flatMap(({ name, html }) => (dangersIn(html ?? '', () => false).length > 0 ? [] : [name]));
  expect(silent.length).toBeLessThan(raw.length / 10);
});

describe('hostile HTML is harmless afterwards, and that does not take long', () => {
  test.each(mails.filter(({ html }) => html !== null))('$name', ({ html }) => {
    const started = performance.now();
    const clean = sanitisedUnlessTooDeep(html ?? '');
    expect(performance.now() - started).toBeLessThan(TIME_LIMIT);
    expect(faultsOf(clean, new Set())).toEqual([]);
  });
});

describe('a hostile mail is taken in, and what is stored of it to be shown is harmless', () => {
  test.each(mails)('$name', async ({ message }) => {
    const started = performance.now();
    const { taken, html, contentIds } = await take(message);
    expect(performance.now() - started).toBeLessThan(TIME_LIMIT);
    expect([null, 'html_too_deep']).toContain(taken.originalOnly);
    expect(faultsOf(html ?? '', contentIds)).toEqual([]);
    const names = taken.parts.flatMap((part) => ('name' in part && part.name !== null ? [part.name] : []));
    expect(names.filter((name) => /[\p{Cc}\u2028\u2029]/u.test(name))).toEqual([]);
  });
});
