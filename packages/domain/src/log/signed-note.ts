import { createHash, createPublicKey, verify } from 'node:crypto';

/** Ed25519 among the signature types of C2SP signed-note. */
const ED25519 = 1;
const PUBLIC_KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
const KEY_HASH_LENGTH = 4;
/** More signatures than any log has, or characters than any checkpoint: who reads a note is not kept busy by it. */
const MAXIMUM_SIGNATURES = 100;
const MAXIMUM_LENGTH = 1_000_000;

/** A key that verifies signatures of notes (C2SP signed-note). */
export interface NoteKey {
  /** Neither spaces nor plus signs. */
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** What one key says of a note's text. */
export interface NoteSignature {
  readonly name: string;
  /** The first four bytes of the key's hash: which key it may be. */
  readonly keyHash: Uint8Array;
  readonly signature: Uint8Array;
}

/** Something that is no note, no key, or not signed by that key. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/** The key as people pass it on: `<name>+<hash>+<key>`. @throws {NoteError} for a name that no key may have. */
export function writeVerifierKey(key: NoteKey): string {
  if (!isKeyName(key.name)) throw new NoteError(`No key may be called ${JSON.stringify(key.name)}`);
  return `${key.name}+${hexOf(keyHashOf(key))}+${base64Of(typedKey(key))}`;
}

/** Reads such a key. @throws {NoteError} */
export function readVerifierKey(text: string): NoteKey {
  const [, name = '', hash = '', key = ''] = /^([^+]*)\+([^+]*)\+(.*)$/.exec(text) ?? [];
  const bytes = fromBase64(key);
  if (!isKeyName(name) || bytes?.length !== 1 + PUBLIC_KEY_LENGTH || bytes[0] !== ED25519) {
    throw new NoteError('This is no verifier key of Ed25519: <name>+<hash>+<key>');
  }
  const read = { name, publicKey: bytes.subarray(1) };
  if (hash !== hexOf(keyHashOf(read))) throw new NoteError('The hash in the verifier key is not that of its name and key');
  return read;
}

/** Signs a text with keys of the caller's. @param text lines, each with its end. @param sign makes the Ed25519 signature, 64 bytes. */
export function signNote(text: string, keys: readonly (NoteKey & { readonly sign: (bytes: Uint8Array) => Uint8Array })[]): string {
  if (!isNoteText(text)) throw new NoteError('This text cannot be signed as a note');
  const lines = keys.map((key) => {
    const bytes = Buffer.concat([keyHashOf(key), key.sign(Buffer.from(text, 'utf8'))]);
    return `— ${key.name} ${base64Of(bytes)}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Takes a note apart; what its signatures are worth says `verifiedText`. @throws {NoteError} */
export function readNote(note: string): { readonly text: string; readonly signatures: readonly NoteSignature[] } {
  if (note.length > MAXIMUM_LENGTH) throw new NoteError('The note is too long');
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  if (end === -1 || !isNoteText(text) || lines.pop() !== '' || lines.length === 0) throw new NoteError('This is no signed note');
  if (lines.length > MAXIMUM_SIGNATURES) throw new NoteError('The note has too many signatures');
  return { text, signatures: lines.map(readSignature) };
}

function readSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || !bytes || bytes.length <= KEY_HASH_LENGTH) throw new NoteError('The note has a line that is no signature');
  return { name, keyHash: bytes.subarray(0, KEY_HASH_LENGTH), signature: bytes.subarray(KEY_HASH_LENGTH) };
}

/** The text of a note that this key has signed. Signatures of other keys mean nothing. @throws {NoteError} */
export function verifiedText(note: string, key: NoteKey): string {
  const { text, signatures } = readNote(note);
  const own = signatures.find((each) => isBy(each, key));
  if (!own) throw new NoteError(`The note has no signature of ${writeVerifierKey(key)}`);
  if (own.signature.length !== SIGNATURE_LENGTH || !isSigned(text, key, own.signature)) {
    throw new NoteError(`The signature of ${key.name} is not that of this text`);
  }
  return text;
}

/** Whether a signature says that it is this key's. */
export function isBy({ name, keyHash }: NoteSignature, key: NoteKey): boolean {
  return name === key.name && hexOf(keyHash) === hexOf(keyHashOf(key));
}

function isSigned(text: string, { publicKey }: NoteKey, signature: Uint8Array): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, Buffer.from(text, 'utf8'), createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

function keyHashOf(key: NoteKey): Uint8Array {
  return createHash('sha256').update(`${key.name}\n`, 'utf8').update(typedKey(key)).digest().subarray(0, KEY_HASH_LENGTH);
}

function typedKey({ publicKey }: NoteKey): Uint8Array {
  return Buffer.concat([Uint8Array.of(ED25519), publicKey]);
}

function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\s+]/u.test(name);
}

/** Lines without control characters, the last one ended too. */
function isNoteText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Null for what is no base64 to the letter: Node passes over what it does not know. */
function fromBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : null;
}
