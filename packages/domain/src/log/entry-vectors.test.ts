import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalRecord, logEntryOf, logEntryOfText } from '../audit/canonical-form.ts';
import { auditEntry } from '../audit/entry.ts';
import { isTrueLine, readExportedLine, writeExportedLine } from '../audit/exported-line.ts';
import { inclusionProof, rootByInclusion } from './inclusion-proof.ts';
import { KnownRemovals } from './known-removals.ts';
import { foldPeaks, GrowingTree, leafHash, perfectNodes, type Node } from './merkle-tree.ts';
import { ExportVerifier } from './verify-export.ts';

const vectors = z
  .strictObject({
    comment: z.string(),
    entries: z.array(
      z.strictObject({
        logIndex: z.int(),
        salt: z.string().nullable(),
        canonical: z.string().nullable(),
        hash: z.string(),
        leaf: z.string(),
        line: z.string(),
      }),
    ),
    roots: z.array(z.strictObject({ size: z.int(), root: z.string() })),
    proofs: z.array(z.strictObject({ index: z.int(), size: z.int(), proof: z.array(z.string()) })),
  })
  .parse(JSON.parse(readFileSync(new URL('../../test-data/entry-vectors.json', import.meta.url), 'utf8')));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Buffer.from(text, 'hex');
const leaves = vectors.entries.map(({ leaf }) => bytes(leaf));
const rootAt = (size: number) => vectors.roots.find((root) => root.size === size)?.root;

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH of RFC 6962, 2.1, word for word, beside what the product computes it by. */
function treeHash(of: readonly Uint8Array[]): Buffer {
  const [only] = of;
  if (!only) return sha256();
  if (of.length === 1) return Buffer.from(only);
  let left = 1;
  while (left * 2 < of.length) left *= 2;
  return sha256(Buffer.of(1), treeHash(of.slice(0, left)), treeHash(of.slice(left)));
}

test('an entry has the canonical bytes, log entry and leaf that another implementation gives it, whatever order its fields are in', () => {
  const intact = vectors.entries.filter(({ canonical }) => canonical !== null);
  expect(intact.length).toBeGreaterThanOrEqual(6);
  for (const { logIndex, salt, canonical, hash, leaf } of intact) {
    const fields = Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(canonical ?? '')));
    const entry = auditEntry.parse(Object.fromEntries([['logIndex', logIndex], ...fields.toReversed()]));
    expect(canonicalRecord(entry)).toBe(canonical);
    const logEntry = logEntryOf(entry, bytes(salt ?? ''));
    expect([hex(logEntry), hex(leafHash(logEntry))]).toEqual([hash, leaf]);
    expect(
      createHmac('sha256', bytes(salt ?? ''))
        .update(canonical ?? '', 'utf8')
        .digest('hex'),
    ).toBe(hash);
    expect(hex(logEntryOfText(canonical ?? '', bytes(salt ?? '')))).toBe(hash);
  }
});

test('an export writes the lines of the vectors, to the byte, the erased one’s too', () => {
  for (const { logIndex, salt, canonical, hash, line } of vectors.entries) {
    const intact = salt === null || canonical === null ? null : { salt: bytes(salt), text: canonical };
    expect(writeExportedLine({ logIndex, hash: bytes(hash), intact })).toBe(line);
    expect(isTrueLine(readExportedLine(line))).toBe(true);
  }
  expect(vectors.entries.filter(({ salt }) => salt === null)).toHaveLength(1);
});

test('leaves have the root of the vectors at each size, by a growing tree and by the definition of RFC 6962', () => {
  const tree = new GrowingTree();
  for (const [size, { root }] of vectors.roots.entries()) {
    expect([size, hex(tree.root())]).toEqual([size, root]);
    expect(hex(treeHash(leaves.slice(0, size)))).toBe(root);
    const [next] = leaves.slice(size, size + 1);
    if (next) tree.append(next);
  }
  expect(vectors.roots).toHaveLength(leaves.length + 1);
});

test('each leaf has the inclusion proof of the vectors, which leads to the root, and a proof of another place does not', () => {
  const hashOf = ({ level, number }: Node) => treeHash(leaves.slice(number * 2 ** level, (number + 1) * 2 ** level));
  expect(foldPeaks(perfectNodes(0, leaves.length).map(hashOf))).toEqual(treeHash(leaves));
  for (const { index, size, proof } of vectors.proofs) {
    expect({ index, size, proof: inclusionProof(index, size, hashOf).map(hex) }).toEqual({ index, size, proof });
    const rootOf = (leaf: number) => {
      const root = rootByInclusion(leaves[leaf] ?? Buffer.alloc(32), index, size, proof.map(bytes));
      return root && hex(root);
    };
    expect(rootOf(index)).toBe(rootAt(size));
    expect(rootOf(index + 1)).not.toBe(rootAt(size));
  }
});

test('the lines are verified against the root, with one record whose removal is proved', () => {
  const size = leaves.length;
  const removals = new KnownRemovals();
  const places = vectors.entries.flatMap(({ line }, place) => (readExportedLine(line).intact ? [] : [{ first: place, last: place }]));
  expect(places).toHaveLength(1);
  removals.add(places);
  const verifier = new ExportVerifier([{ origin: 'vectors', size, root: bytes(rootAt(size) ?? '') }], removals);
  expect(vectors.entries.map(({ line }) => verifier.take(line))).toEqual(vectors.entries.map(() => null));
  expect(verifier.finish()).toEqual({ covered: size, newer: 0 });
});
