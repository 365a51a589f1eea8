import { expect, test } from 'vitest';
import type { AdminRecord } from '../audit/admin-record.ts';
import { canonicalRecord, logEntryOf } from '../audit/canonical-form.ts';
import { writeExportedLine } from '../audit/exported-line.ts';
import { sampleEntry } from '../testing/sample-entry.ts';
import { KnownRemovals } from './known-removals.ts';
import { GrowingTree, leafHash } from './merkle-tree.ts';
import { RemovalVerifier } from './verify-removals.ts';

const { organizationId } = sampleEntry;

/** A record of a removal. */
const removal: AdminRecord = {
  id: sampleEntry.id,
  version: 1,
  organizationId,
  action: 'AuditRemove',
  creationTime: sampleEntry.creationTime,
  recordedAt: sampleEntry.recordedAt,
  actor: { kind: 'system', id: null, address: null },
  target: { kind: 'audit-log', id: null },
  status: 'Success',
  reason: 'Retention',
  before: null,
  after: { places: '7-9' },
  clientIp: null,
  userAgent: null,
  logIndex: 0,
};
const other = { ...removal, action: 'AuditExport' } as const;

/** The lines of an admin log, and its checkpoint at a size. */
function adminLog(records: readonly object[], size = records.length) {
  const tree = new GrowingTree();
  let root = tree.root();
  const lines = records.map((record, logIndex) => {
    const salt = Buffer.alloc(32, logIndex);
    const hash = logEntryOf(record, salt);
    tree.append(leafHash(hash));
    if (tree.size === size) root = tree.root();
    return writeExportedLine({ logIndex, hash, intact: { salt, text: canonicalRecord(record) } });
  });
  return { lines, checkpoint: { origin: 'log', size, root } };
}

function verify({ lines, checkpoint }: ReturnType<typeof adminLog>) {
  const verifier = new RemovalVerifier([checkpoint], organizationId);
  for (const line of lines) {
    const difference = verifier.take(line);
    if (difference) return difference;
  }
  return verifier.finish();
}

/** The places of 0 to 12 that a log proves to have been removed. */
function placesIn(log: ReturnType<typeof adminLog>): number[] {
  const removals = verify(log);
  if (!(removals instanceof KnownRemovals)) throw new Error(removals.detail);
  return Array.from({ length: 13 }, (_, place) => place).filter((place) => removals.has(place));
}

test('an admin log that is what was signed names the places that were removed, by removals that were done and by no other act', () => {
  const refused = { ...removal, status: 'Failure', after: { places: '4' } };
  const later = { ...removal, after: { places: '1,11-12' } };
  const quoting = { ...other, before: removal };
  expect(placesIn(adminLog([other, removal, refused, { ...other, action: 'NotKnownYet' }, quoting, later]))).toEqual([1, 7, 8, 9, 11, 12]);
});

test('a removal that stands behind the last checkpoint is not believed: nobody has signed it', () => {
  expect(placesIn(adminLog([other, removal, { ...removal, after: { places: '3' } }], 2))).toEqual([7, 8, 9]);
});

test('a record that was changed, put twice, made up or taken away is named by its place, and what was said to be removed is not told', () => {
  const { lines, checkpoint } = adminLog([other, removal, other]);
  const forged = adminLog([other, { ...removal, after: { places: '7-12' } }, other]).lines;
  const line = lines[1] ?? '';
  expect(verify({ lines: lines.with(1, line.replace('7-9', '7-8')), checkpoint })).toMatchObject({ index: 1 });
  expect(verify({ lines: [...lines.slice(0, 1), line, line], checkpoint })).toMatchObject({ index: 2 });
  expect(verify({ lines: lines.with(1, JSON.stringify(removal)), checkpoint })).toMatchObject({ index: 1 });
  const { hash } = JSON.parse(line) as { hash: string };
  const gone = writeExportedLine({ logIndex: 1, hash: Buffer.from(hash, 'hex'), intact: null });
  expect(verify({ lines: lines.with(1, gone), checkpoint })).toMatchObject({ index: 1, detail: expect.stringContaining('gone') });
  expect(verify({ lines: lines.with(1, forged[1] ?? ''), checkpoint })).toMatchObject({
    detail: expect.stringContaining('from here to 2'),
  });
  expect(verify({ lines: lines.slice(0, 2), checkpoint })).toMatchObject({ index: 2 });
});

test('a signed record of a removal from another organization’s log, or of no places, is refused', () => {
  const foreign = { ...removal, organizationId: '0199f0a2-0000-7000-8000-00000000000f' };
  expect(verify(adminLog([other, foreign]))).toMatchObject({ index: 1, detail: expect.stringContaining(foreign.organizationId) });
  for (const after of [null, { places: 'all' }, { places: 3 }])
    expect(verify(adminLog([other, { ...removal, after }]))).toEqual({ index: 1, detail: 'The record of a removal names no places' });
  expect(verify(adminLog([{ action: 'AuditRemove' }]))).toMatchObject({ index: 0, detail: 'The record is no admin record' });
});
