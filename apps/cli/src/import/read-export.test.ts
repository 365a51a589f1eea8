import { expect, test } from 'vitest';
import { UsageError } from '../failure.ts';
import { exportOf } from './read-export.ts';

const template = { Identity: 'Contoso', OTPEnabled: true, SocialIdSignIn: true };
const rule = { Name: 'Secure', State: 'Enabled', Mode: 'Enforce', Priority: 0 };
const bytesOf = (content: unknown) => Buffer.from(JSON.stringify(content));

function utf16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(`\u{feff}${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

test.each([
  ['UTF-8', bytesOf([template])],
  ['UTF-8 with its mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf([template])])],
  ['UTF-16LE, as Windows PowerShell’s > writes it', utf16(JSON.stringify([template]), false)],
  ['UTF-16BE', utf16(JSON.stringify([template]), true)],
  ['one object alone', bytesOf(template)],
  ['an array that Windows PowerShell wrapped', bytesOf({ value: [template], Count: 1 })],
])('a file in %s is read', (_, bytes) => {
  expect(exportOf(bytes, 'export.json')).toEqual({ kind: 'templates', entries: [template] });
});

test('a file says by its content what it holds', () => {
  expect(exportOf(bytesOf([rule, rule]), 'export.json')).toEqual({ kind: 'rules', entries: [rule, rule] });
});

test.each([
  ['no JSON', Buffer.from('Name : Secure'), 'export.json is not JSON'],
  ['bytes that are no text', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'export.json is not UTF-8 throughout'],
  ['nothing', bytesOf([]), 'holds no objects'],
  ['no objects', bytesOf([1]), 'holds no objects'],
  ['both kinds', bytesOf([template, rule]), 'and no other'],
  ['objects of another cmdlet', bytesOf([{ Name: 'Mailbox' }]), 'and no other'],
])('a file with %s is refused by its name', (_, bytes, message) => {
  expect(() => exportOf(bytes, 'export.json')).toThrow(UsageError);
  expect(() => exportOf(bytes, 'export.json')).toThrow(message);
});
