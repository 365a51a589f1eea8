import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAuditEntry } from '../testing/arbitraries.ts';
import { sampleEntry } from '../testing/sample-entry.ts';
import { canonicalJson, canonicalRecord, contentHashOf, logEntryOf } from './canonical-form.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const salt = Uint8Array.from({ length: 32 }, (_, index) => index);

/** A double from its 16 hexadecimal digits, as RFC 8785 Appendix B writes it. */
function double(digits: string): number {
  return Buffer.from(digits, 'hex').readDoubleBE(0);
}

describe('canonicalJson', () => {
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the double %s of RFC 8785 Appendix B as %s', (digits, text) => {
    expect(canonicalJson(double(digits))).toBe(text);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000'])('refuses the double %s, which JSON cannot hold', (digits) => {
    expect(() => canonicalJson(double(digits))).toThrow(/not allowed/);
  });

  it('sorts names by their UTF-16 units, as the example of RFC 8785 section 3.2.3 does', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1]);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes the example of RFC 8785 section 3.2.2 as section 3.2.4 has it', () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('refuses what has no JSON form, and text with half a surrogate pair', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
    expect(() => canonicalJson({ text: '\ud800' })).toThrow(/surrogate/);
  });

  it('gives one text for one value, whatever the order of its names, and JSON reads it back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

/** The same JSON value with the names of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, part]) => [name, reversed(part)]),
  );
}

describe('logEntryOf', () => {
  // The bytes were computed with Python's json and hmac: what is in a log stays verifiable by other programs for ever.
  it('gives the stated bytes for an audit entry and a salt', () => {
    expect(hex(logEntryOf(sampleEntry, salt))).toBe('cdbe25c5e056f8b036596f5c7b7100b0e3d429a064e9f951064439eed35a0118');
  });

  it('gives the stated bytes for an admin record and a salt', () => {
    const record = {
      id: sampleEntry.id,
      version: 1,
      organizationId: sampleEntry.organizationId,
      action: 'MessageRevoke',
      creationTime: sampleEntry.creationTime,
      recordedAt: sampleEntry.recordedAt,
      actor: { kind: 'member', id: '0199f0a2-0000-7000-8000-000000000004', address: 'admin@acme.example' },
      target: { kind: 'message', id: sampleEntry.messageUid },
      status: 'Success',
      reason: 'Wrong attachment',
      before: { revoked: false },
      after: { revoked: true },
      clientIp: null,
      userAgent: null,
      logIndex: 3,
    };
    expect(hex(logEntryOf(record, salt))).toBe('483422cb64a65763ebf18459e23534c7a0811663d72d012ad68734bd6bb50f7f');
  });

  it('does not cover the place in the log', () => {
    fc.assert(
      fc.property(anyAuditEntry, fc.nat(), (entry, logIndex) => {
        expect(logEntryOf({ ...entry, logIndex }, salt)).toEqual(logEntryOf(entry, salt));
      }),
    );
    expect(canonicalRecord(sampleEntry)).not.toContain('logIndex');
  });

  it('changes with every other field', () => {
    fc.assert(
      fc.property(anyAuditEntry, anyAuditEntry, (entry, other) => {
        for (const name of Object.keys(entry).filter((key) => key !== 'logIndex')) {
          const value: unknown = Reflect.get(other, name);
          const same = canonicalJson(value) === canonicalJson(Reflect.get(entry, name));
          expect(hex(logEntryOf({ ...entry, [name]: value }, salt)) === hex(logEntryOf(entry, salt))).toBe(same);
        }
      }),
    );
  });

  it('changes with the salt, and takes none of another length', () => {
    expect(hex(logEntryOf(sampleEntry, new Uint8Array(32)))).not.toBe(hex(logEntryOf(sampleEntry, salt)));
    for (const length of [0, 16, 31, 33]) expect(() => logEntryOf(sampleEntry, new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('contentHashOf', () => {
  it('is the SHA-256 of the canonical text', () => {
    const { logIndex: _, ...event } = sampleEntry;
    expect(hex(contentHashOf(event))).toBe('40bae42a4ec1350729039f44977616e1fc8682b127aeac369287683209607c12');
  });

  it('is the same for a repeated event and another one for other content', () => {
    fc.assert(
      fc.property(anyAuditEntry, anyAuditEntry, (one, other) => {
        expect(hex(contentHashOf(structuredClone(one)))).toBe(hex(contentHashOf(one)));
        expect(hex(contentHashOf(one)) === hex(contentHashOf(other))).toBe(canonicalJson(one) === canonicalJson(other));
      }),
    );
  });
});
