import { createPrivateKey, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { logVectors } from '../testing/log-vectors.ts';
import { checkpointText, logOrigin, readCheckpoint, readCheckpointText, readLogOrigin } from './checkpoint.ts';
import { NoteError, readNote, readVerifierKey, signNote, verifiedText, writeVerifierKey, type NoteKey } from './signed-note.ts';

const { note, text, keys, seedBytes } = logVectors.note;
const [first = '', second = ''] = keys;
const key = readVerifierKey(first);

/** The signing half of a vector's key: 32 times the same byte is its seed. */
function signerOf(index: number): NoteKey & { sign: (bytes: Uint8Array) => Uint8Array } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seedBytes[index])]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { ...readVerifierKey(keys[index] ?? ''), sign: (bytes) => sign(null, bytes, privateKey) };
}

test('a note of the Go project’s documentation verifies', () => {
  const peter = readVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const said = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signature = '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  expect(verifiedText(`${said}\n${signature}`, peter)).toBe(said);
});

test('another implementation’s note of two keys verifies with each, and is made the same, to the byte', () => {
  for (const each of keys) {
    expect(writeVerifierKey(readVerifierKey(each))).toBe(each);
    expect(verifiedText(note, readVerifierKey(each))).toBe(text);
  }
  expect(signNote(text, [signerOf(0), signerOf(1)])).toBe(note);
});

test('a changed text, signature, name or key does not verify', () => {
  const [, ...lines] = note.split('\n— ');
  for (const changed of [
    note.replace('\n5\n', '\n6\n'),
    `${text}\n— ${lines[1] ?? ''}`,
    note.replace('xCotwRcz', 'xCotwRcy'),
    note.replace(/— \S+/, '— mail.acme.example/logs/other'),
  ]) {
    expect(changed).not.toBe(note);
    expect(() => verifiedText(changed, key)).toThrow(NoteError);
  }
  expect(() => verifiedText(note, { ...key, publicKey: Buffer.alloc(32, 1) })).toThrow(/no signature/);
  const short = `${text}\n— ${key.name} ${Buffer.concat([Buffer.from('c42a2dc1', 'hex'), Buffer.alloc(3)]).toString('base64')}\n`;
  expect(() => verifiedText(short, key)).toThrow(/not that of this text/);
});

test.each([
  '',
  'text\n',
  'text\n\n',
  'text\n\n— name AAAAAAA=',
  'text\n\n— name AAAAAAA=\n\n',
  'text\n\nname AAAAAAA=\n',
  'text\n\n— na+me AAAAAAA=\n',
  'text\n\n— name AAAA\n',
  'text\n\n— name AA*AAAAA=\n',
  'te\u0000xt\n\n— name AAAAAAA=\n',
  `text\n\n${'— name AAAAAAA=\n'.repeat(101)}`,
  `${'x'.repeat(1_000_000)}\n\n— name AAAAAAA=\n`,
])('what is no note is not read (case %#)', (bad) => {
  expect(() => readNote(bad)).toThrow(NoteError);
});

test('a text that is no note’s is not signed, and a key with a name that none may have is not written', () => {
  for (const bad of ['', 'no end', 'a\u0007\n', 'half \ud800\n']) expect(() => signNote(bad, [])).toThrow(NoteError);
  for (const name of ['', 'a b', 'a+b', 'a\u2003b']) expect(() => writeVerifierKey({ ...key, name })).toThrow(NoteError);
});

test.each([
  '',
  first.replace('c42a2dc1', 'c42a2dc2'),
  first.replace('/audit', '/admin'),
  first.slice(0, -4),
  `${first} `,
  first.replace('+A', '+B'),
])('a verifier key that is not whole is refused (case %#)', (bad) => {
  expect(() => readVerifierKey(bad)).toThrow(NoteError);
});

test('a checkpoint is read as it was written, from the log’s own key alone', () => {
  const checkpoint = readCheckpoint(note, key);
  expect(checkpoint).toMatchObject({ origin: key.name, size: 5 });
  expect(checkpointText(checkpoint)).toBe(text);
  expect(logOrigin('https://mail.acme.example', '0199f0a2-0000-7000-8000-000000000001', 'audit')).toBe(key.name);
  expect(readLogOrigin(key.name)).toEqual({ organizationId: '0199f0a2-0000-7000-8000-000000000001', stream: 'audit' });
  for (const none of ['', key.name.slice(0, -1), `${key.name}/audit`, `/${key.name}`]) expect(readLogOrigin(none)).toBeNull();
  const foreign = checkpointText({ ...checkpoint, origin: 'elsewhere/logs/1/audit' });
  expect(() => readCheckpoint(signNote(foreign, [signerOf(0)]), key)).toThrow(/of the log elsewhere/);
  expect(readCheckpointText(`${text}extension\n`)).toEqual(checkpoint);
  for (const bad of [
    '',
    'a\n1\n',
    text.replace('5', '05'),
    text.replace('5', '-5'),
    text.replace('=', ''),
    text.slice(0, -1),
    `\n${text}`,
  ]) {
    expect(() => readCheckpointText(bad)).toThrow(NoteError);
  }
  expect(second).not.toBe(first);
});
