import { expect, test } from 'vitest';
import { canonicalRecord, logEntryOf } from '../audit/canonical-form.ts';
import { readExportedLine, writeExportedLine } from '../audit/exported-line.ts';
import { readPlaces } from '../retention.ts';
import { sampleEntry } from '../testing/sample-entry.ts';
import { KnownRemovals } from './known-removals.ts';
import { ExportVerifier } from './verify-export.ts';
import { GrowingTree, leafHash } from './merkle-tree.ts';

/** A log of entries, some of them erased by law, with its checkpoint of each size. */
function exportedLog(count: number, { sender = 'alice@acme.example', erased = [] as number[] } = {}) {
  const tree = new GrowingTree();
  const checkpoints = [{ origin: 'log', size: 0, root: tree.root() }];
  const lines = Array.from({ length: count }, (_, logIndex) => {
    const salt = Buffer.alloc(32, logIndex);
    const record = { ...sampleEntry, sender, userAgent: `Agent ${logIndex}` };
    const hash = logEntryOf(record, salt);
    tree.append(leafHash(hash));
    checkpoints.push({ origin: 'log', size: logIndex + 1, root: tree.root() });
    return writeExportedLine({ logIndex, hash, intact: erased.includes(logIndex) ? null : { salt, text: canonicalRecord(record) } });
  });
  const at = (size: number) => checkpoints.filter((checkpoint) => checkpoint.size === size);
  return { lines, at };
}

function removalsOf(places: string): KnownRemovals {
  const removals = new KnownRemovals();
  removals.add(readPlaces(places) ?? []);
  return removals;
}

function verify(lines: readonly string[], checkpoints: ConstructorParameters<typeof ExportVerifier>[0], removals?: KnownRemovals) {
  const verifier = new ExportVerifier(checkpoints, removals);
  for (const line of lines) {
    const difference = verifier.take(line);
    if (difference) return difference;
  }
  return { ...verifier.finish(), removed: verifier.removed };
}

test('a whole log agrees with its checkpoint, what is proved to have been removed and what is newer than the checkpoint included', () => {
  const { lines, at } = exportedLog(40, { erased: [3, 39] });
  expect(verify(lines, at(40), removalsOf('3,39'))).toEqual({ covered: 40, newer: 0, removed: 2 });
  expect(verify(lines, [...at(7), ...at(30), ...at(0)], removalsOf('3,39'))).toEqual({ covered: 30, newer: 10, removed: 2 });
  expect(verify([], at(0))).toEqual({ covered: 0, newer: 0, removed: 0 });
});

test('a record that only its line says to be gone is named, the first that nothing proves to have been removed', () => {
  const { lines, at } = exportedLog(40, { erased: [3, 39] });
  expect(verify(lines, at(40))).toMatchObject({ index: 3, detail: expect.stringContaining('does not say that it was removed') });
  expect(verify(lines, at(40), removalsOf('3'))).toMatchObject({ index: 39 });
});

test('what the records of removals name may be gone, and nothing else; a line alone that says so is named with what it says', () => {
  const { lines, at } = exportedLog(40, { erased: [3, 4, 39] });
  const removal = { at: '2026-11-27T10:00:00.000Z', cause: 'retention', record: sampleEntry.id } as const;
  const withWords = lines.map((line, index) => (index === 3 ? writeExportedLine({ ...readExportedLine(line), removal }) : line));
  const verifier = new ExportVerifier(at(40), removalsOf('3-4,39'));
  for (const line of withWords) expect(verifier.take(line)).toBeNull();
  expect(verifier.removed).toBe(3);
  expect(verifier.finish()).toEqual({ covered: 40, newer: 0 });

  expect(verify(withWords, at(40))).toMatchObject({ index: 3, detail: expect.stringContaining('removed (retention, 2026-11-27') });
  const strict = new ExportVerifier(at(40), removalsOf('4,39'));
  expect(withWords.map((line) => strict.take(line)).find(Boolean)).toMatchObject({
    index: 3,
    detail: expect.stringContaining('no record of'),
  });
});

test('a changed, missing, repeated, swapped or unreadable line is named', () => {
  const { lines, at } = exportedLog(20);
  const changed = (change: (copy: string[]) => void) => {
    const copy = [...lines];
    change(copy);
    return verify(copy, at(20));
  };
  const line = (index: number) => lines[index] ?? '';
  expect(changed((copy) => void copy.splice(4, 1, line(4).replaceAll('bob@', 'eve@')))).toMatchObject({
    index: 4,
    detail: expect.stringContaining('not the one'),
  });
  expect(changed((copy) => void copy.splice(5, 1))).toMatchObject({ index: 5 });
  expect(changed((copy) => void copy.splice(6, 0, line(5)))).toMatchObject({ index: 6 });
  expect(changed((copy) => void copy.splice(7, 2, line(8), line(7)))).toMatchObject({ index: 7 });
  expect(changed((copy) => void copy.splice(8, 0, ''))).toMatchObject({ index: 8 });
  expect(changed((copy) => void copy.splice(9))).toMatchObject({ index: 9, detail: expect.stringContaining('20 entries') });
});

test('a log that was made anew in itself differs from its checkpoint, and from the first of several on which it does not hold', () => {
  const before = exportedLog(20);
  const anew = exportedLog(20, { sender: 'mallory@acme.example' });
  expect(verify(anew.lines, before.at(20))).toMatchObject({ index: 0, detail: expect.stringContaining('to 19') });
  const later = [...before.lines.slice(0, 12), ...anew.lines.slice(12)];
  expect(verify(later, [...before.at(5), ...before.at(10), ...before.at(20)])).toMatchObject({ index: 10 });
  expect(verify(before.lines, [...before.at(20), ...anew.at(20)])).toMatchObject({ index: 0 });
  expect(
    verify(
      before.lines,
      anew.at(20).map((checkpoint) => ({ ...checkpoint, size: 0 })),
    ),
  ).toMatchObject({ index: 0 });
});
