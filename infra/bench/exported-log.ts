import { createHash, createHmac, createSecretKey, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { integrationEvents } from './integration-events.ts';

const slice = 2_000;

/** An exported log with what verifies it. */
export interface ExportedLog {
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly bytes: number;
}

/**
 * Writes a log as Signet exports one, with a signed checkpoint of it, made by nothing of Signet: RFC 8785 (names in order, no numbers but
 * whole ones), HMAC-SHA-256 under a salt a record, RFC 6962, C2SP signed-note. That Signet's command finds it in order is a check of both.
 * @param file where it is written.
 */
export async function writeExportedLog(file: string, entries: number): Promise<ExportedLog> {
  const organizationId = randomUUID();
  const tree: { readonly level: number; readonly hash: Uint8Array }[] = [];
  const output = createWriteStream(file, { highWaterMark: 4 * 1_048_576 });
  let bytes = 0;
  for (let from = 0; from < entries; from += slice) {
    const lines = integrationEvents(Math.min(slice, entries - from), from, 'acme.example').map((event, index) => {
      const server = { organizationId, messageUid: null, source: 'Mail client', version: 1, recordedAt: new Date().toISOString() };
      const text = canonical({ ...event, ...server });
      const salt = randomBytes(32);
      const hash = createHmac('sha256', createSecretKey(salt)).update(text, 'utf8').digest();
      append(tree, hash);
      return `{"entry":${text},"hash":"${hash.toString('hex')}","logIndex":${from + index},"salt":"${salt.toString('hex')}"}\n`;
    });
    const chunk = Buffer.from(lines.join(''), 'utf8');
    bytes += chunk.length;
    if (!output.write(chunk)) await once(output, 'drain');
  }
  output.end();
  await once(output, 'close');
  const root = tree.map(({ hash }) => hash).reduceRight((right, left) => node(left, right));
  return { ...signed(`mail.acme.example/logs/${organizationId}/audit`, entries, root), bytes };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

function append(peaks: { readonly level: number; readonly hash: Uint8Array }[], entry: Uint8Array): void {
  let level = 0;
  let hash: Uint8Array = createHash('sha256').update(Uint8Array.of(0)).update(entry).digest();
  for (let last = peaks.at(-1); last?.level === level; last = peaks.at(-1)) {
    peaks.pop();
    hash = node(last.hash, hash);
    level += 1;
  }
  peaks.push({ level, hash });
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
}

function signed(origin: string, size: number, root: Uint8Array): { checkpoint: string; verifierKey: string } {
  const pair = generateKeyPairSync('ed25519');
  const key = Buffer.concat([Uint8Array.of(1), Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')]);
  const keyHash = createHash('sha256').update(`${origin}\n`).update(key).digest().subarray(0, 4);
  const text = `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  const signature = Buffer.concat([keyHash, sign(null, Buffer.from(text), pair.privateKey)]).toString('base64');
  return {
    checkpoint: `${text}\n— ${origin} ${signature}\n`,
    verifierKey: `${origin}+${keyHash.toString('hex')}+${key.toString('base64')}`,
  };
}
