import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParserPool } from './parser-pool.ts';
import { takeIn } from './take-in.ts';
import type { TakenMessage } from './take-in.ts';
import { readAsSent, readDifferences, readExpected } from './testing/corpus.ts';
import type { SeenAttachment } from './testing/corpus.ts';
import { openTestVault, ORGANIZATION_ID } from './testing/test-vault.ts';
import type { TestVault } from './testing/test-vault.ts';

const expected = await readExpected();
const differences = await readDifferences();

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

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

async function take(name: string): Promise<TakenMessage> {
  const blob = await vault.createBlob();
  const taken = await takeIn({
    source: inPieces(await readAsSent(name)),
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
  await blob.abort();
  if (taken.outcome !== 'accepted') throw new Error(taken.outcome);
  return taken;
}

function attachmentsOf(taken: TakenMessage): SeenAttachment[] {
  return taken.parts.flatMap((part) => (part.kind === 'attachment' ? [{ name: part.name, size: part.size, sha256: part.sha256 }] : []));
}

test('no row of the table of differences is stale: each says something else than the expectation', () => {
  const stale = Object.entries(differences).filter(([name, { subject, attachments }]) => {
    const wanted = expected[name];
    const sameSubject = subject === undefined || subject === wanted?.subject;
    const named = wanted?.parts.map(({ name: fileName, size, sha256 }) => ({ name: fileName, size, sha256 }));
    return sameSubject && (attachments === undefined || isDeepStrictEqual(attachments, named));
  });
  expect(stale).toEqual([]);
});

test('the corpus is whole, and the table of differences names only its messages', () => {
  expect(Object.keys(expected)).toHaveLength(113);
  expect(Object.keys(expected)).toEqual(expect.arrayContaining(Object.keys(differences)));
});

describe('every message of the corpus shows the expected subject and attachments, or the explained difference', () => {
  test.each(Object.keys(expected))('%s', async (name) => {
    const wanted = expected[name];
    const difference = differences[name];
    const taken = await take(name);
    expect(taken.originalOnly).toBeNull();
    const wantedAttachments = wanted?.parts.map(({ name: fileName, size, sha256 }) => ({ name: fileName, size, sha256 }));
    expect(taken.subject).toBe(difference?.subject === undefined ? wanted?.subject : difference.subject);
    expect(attachmentsOf(taken)).toEqual(difference?.attachments ?? wantedAttachments);
  });
});
