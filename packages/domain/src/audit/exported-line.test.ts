import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAdminRecord, anyAuditEntry } from '../testing/arbitraries.ts';
import { sampleEntry } from '../testing/sample-entry.ts';
import { canonicalJson, canonicalRecord, logEntryOf } from './canonical-form.ts';
import { ExportedLineError, isTrueLine, readExportedLine, writeExportedLine } from './exported-line.ts';

const salt = Buffer.from(Uint8Array.from({ length: 32 }, (_, index) => index));

function lineOf(record: { readonly logIndex: number }) {
  return { logIndex: record.logIndex, hash: Buffer.from(logEntryOf(record, salt)), intact: { salt, text: canonicalRecord(record) } };
}

const sample = writeExportedLine(lineOf(sampleEntry));

describe('a line of an exported log', () => {
  it('is, for an intact record, the canonical text of the record, its hash, place and salt', () => {
    const { logIndex, ...entry } = sampleEntry;
    const hash = 'cdbe25c5e056f8b036596f5c7b7100b0e3d429a064e9f951064439eed35a0118';
    expect(sample).toBe(canonicalJson({ entry, hash, logIndex, salt: salt.toString('hex') }));
    expect(sample).toContain(`"entry":${canonicalRecord(sampleEntry)},`);
  });

  it('is, for an erased record, nothing but its hash and place', () => {
    const text = writeExportedLine({ logIndex: 7, hash: new Uint8Array(32), intact: null });
    expect(text).toBe(`{"erased":true,"hash":"${'00'.repeat(32)}","logIndex":7}`);
    expect(readExportedLine(text)).toEqual({ logIndex: 7, hash: Buffer.alloc(32), intact: null });
  });

  it('says of a removed record when, why and on what record it was removed, and keeps that in one form', () => {
    const removal = { at: '2026-11-27T10:00:00.000Z', cause: 'retention', record: '0199f0a2-0000-7000-8000-000000000001' } as const;
    const text = writeExportedLine({ logIndex: 7, hash: new Uint8Array(32), intact: null, removal });
    expect(text).toBe(
      `{"erased":true,"hash":"${'00'.repeat(32)}","logIndex":7,"removal":{"at":"2026-11-27T10:00:00.000Z","cause":"retention","record":"${removal.record}"}}`,
    );
    expect(readExportedLine(text)).toEqual({ logIndex: 7, hash: Buffer.alloc(32), intact: null, removal });
    for (const wrong of [text.replace('retention', 'whim'), text.replace('"at"', '"by"'), text.replace('"removal":{', '"removal":{ ')])
      expect(() => readExportedLine(wrong)).toThrow(ExportedLineError);
  });

  it('is read as it was written, and holds no end of a line', () => {
    fc.assert(
      fc.property(fc.oneof(anyAuditEntry, anyAdminRecord), (record) => {
        const line = lineOf(record);
        const text = writeExportedLine(line);
        expect(text).not.toMatch(/[\r\n]/);
        expect(readExportedLine(text)).toEqual(line);
        expect(isTrueLine(readExportedLine(text))).toBe(true);
      }),
    );
  });

  it('is untrue when its record, its salt or its hash is another one', () => {
    for (const [from, to] of [
      ['bob@example.net', 'eve@example.net'],
      ['"salt":"00', '"salt":"01'],
      ['"hash":"cd', '"hash":"ce'],
    ] as const) {
      expect(isTrueLine(readExportedLine(sample.replaceAll(from, to)))).toBe(false);
    }
  });

  it('is not read in any other form, since its bytes would not be those that were hashed', () => {
    const { logIndex, ...entry } = sampleEntry;
    const hash = '0'.repeat(64);
    const erased = { erased: true, hash, logIndex: 1 };
    for (const text of [
      sample.replace(',"hash"', ', "hash"'),
      `${sample}\n`,
      sample.replace('€', String.raw`\u20ac`),
      sample.replace('"logIndex":41', '"logIndex":41.0'),
      sample.replace('"entry":{', '"entry":{"actor":1,'),
    ]) {
      expect(text).not.toBe(sample);
      expect(() => readExportedLine(text)).toThrow(/canonical/);
    }
    for (const value of [
      sampleEntry,
      { entry, hash, logIndex },
      { entry: sampleEntry, hash, logIndex, salt: hash },
      { entry: [entry], hash, logIndex, salt: hash },
      { entry, hash, logIndex, salt: hash.slice(2) },
      { entry, hash: hash.replaceAll('0', 'A'), logIndex, salt: hash },
      { entry, hash, logIndex, salt: hash, more: 1 },
      { ...erased, entry, salt: hash },
      { ...erased, erased: false },
      { ...erased, logIndex: -1 },
      { ...erased, logIndex: 1.5 },
    ]) {
      expect(() => readExportedLine(canonicalJson(value))).toThrow(/none of an exported log/);
    }
    for (const text of [
      '',
      'null',
      '{',
      '[]',
      `{"entry":${'['.repeat(100_000)}`,
      String.raw`{"entry":{"a":"\ud800"},"hash":"${hash}","logIndex":1,"salt":"${hash}"}`,
    ]) {
      expect(() => readExportedLine(text)).toThrow(ExportedLineError);
    }
  });

  it('keeps a name that JavaScript treats as its own', () => {
    const text = canonicalJson(JSON.parse('{"__proto__":{"a":1}}'));
    const line = { logIndex: 0, hash: Buffer.alloc(32), intact: { salt, text } };
    expect(readExportedLine(writeExportedLine(line))).toEqual(line);
  });
});
