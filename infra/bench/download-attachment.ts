import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchSignet } from './bench-signet.ts';
import { readLinks } from './mailbox.ts';
import { median, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { open, portalHeaders, signIn } from './recipient.ts';
import type { ReaderLink } from './recipient.ts';
import { startReferenceServer } from './reference-server.ts';
import { attachmentMailRest, mailHeader } from './sample-mail.ts';
import { SmtpSession } from './smtp-session.ts';

const atOnce = 10;
const memoryGoalMebibytes = 64;

/** What can be downloaded, and as whom. */
interface Download {
  readonly url: string;
  readonly headers: () => Record<string, string>;
}

/** P5: one stream of an attachment at the api and through the portal, and what ten at once cost the api in memory. */
export async function measureDownload(bench: Bench): Promise<Measurement[]> {
  const bytes = bench.quick ? 10_000_000 : 100_000_000;
  // The gateway's limit is 25 MiB unless set: the file is a third larger in base64.
  const signet = await bench.startSignet({ variables: { MAX_MESSAGE_BYTES: String(160 * 1024 * 1024) } });
  const file = join(bench.folder, 'large.bin');
  writeFileSync(file, randomBytes(bytes));
  const reader = await prepare(signet, readFileSync(file));
  const { message } = await open(signet, reader);
  const [attachment] = message.attachments;
  if (attachment?.size !== bytes)
    throw new Error(`The message has ${message.attachments.length} attachments, and not the one that was sent.`);
  const path = `${reader.token}/attachments/${attachment.index}`;
  const atApi: Download = { url: `${signet.apiUrl}/v1/links/${path}`, headers: () => portalHeaders(signet, reader.session) };
  const atPortal: Download = { url: `${signet.portalUrl}/m/${path}`, headers: () => ({ cookie: `signet-session=${reader.session}` }) };
  const reference = await startReferenceServer(bench.guard, file);
  bench.onEnd(() => reference.stop());
  const atReference: Download = { url: `${reference.url}/file`, headers: () => ({}) };

  // First, while the api is as it is after its start: a heap that earlier downloads have grown would hide what these take.
  const memory = await memoryAtOnce(signet.pidOf('api'), atApi, bytes, bench.repetitions);
  const referenceMemory = await memoryAtOnce(reference.pid, atReference, bytes, bench.repetitions);
  const speeds: Record<'api' | 'portal' | 'reference', number[]> = { api: [], portal: [], reference: [] };
  await repeat(bench.repetitions, async () => {
    speeds.reference.push(await speedOf(atReference, bytes));
    speeds.api.push(await speedOf(atApi, bytes));
    speeds.portal.push(await speedOf(atPortal, bytes));
  });
  const theirs = { what: 'Nest on Fastify, the same file unencrypted, MB/s', median: median(speeds.reference), runs: speeds.reference };
  const size = `${bytes / 1_000_000} MB`;
  return [
    {
      row: 'P5',
      what: `download an attachment of ${size} at the api, one stream`,
      unit: 'MB/s',
      ours: median(speeds.api),
      runs: speeds.api,
      reference: theirs,
      goal: { words: '≥ 0.5', met: median(speeds.api) / theirs.median >= 0.5 },
      notes: [
        'From the request to the last byte, recording and the look at the message included. Both files were just written: no disk is waited for.',
      ],
    },
    {
      row: 'P5',
      what: 'the same through the portal',
      unit: 'MB/s',
      ours: median(speeds.portal),
      runs: speeds.portal,
      reference: theirs,
      goal: null,
      notes: [],
    },
    {
      row: 'P5',
      what: `memory of the api above idle, ${atOnce} at once`,
      unit: 'MiB',
      ours: median(memory.peaks),
      runs: memory.peaks,
      reference: { what: 'the reference doing the same, MiB', median: median(referenceMemory.peaks), runs: referenceMemory.peaks },
      goal: { words: `< ${memoryGoalMebibytes} MiB`, met: median(memory.peaks) < memoryGoalMebibytes },
      notes: [
        `Resident memory, every 50 ms. Idle (${memory.idle.toFixed(0)} MiB) is after the start and one opening, before any download.`,
      ],
    },
  ];
}

async function prepare(signet: BenchSignet, content: Buffer): Promise<ReaderLink> {
  const address = 'reader@example.net';
  const data = Buffer.concat([Buffer.from(mailHeader('large', address)), attachmentMailRest(content)]);
  const session = await SmtpSession.open({ ...signet.acme.smtp, credentials: signet.acme.smtp });
  await session.send({ sender: 'alice@acme.example', recipients: [address], data });
  await session.close();
  const [reader] = await signIn(signet, await readLinks(signet.mailboxUrl, 1));
  if (reader === undefined) throw new Error('No wrapper mail came.');
  return reader;
}

/** Megabytes (10⁶) a second. */
async function speedOf(download: Download, bytes: number): Promise<number> {
  const begin = performance.now();
  const received = await receive(download);
  if (received !== bytes) throw new Error(`Of ${bytes} bytes ${received} came.`);
  return bytes / 1_000 / (performance.now() - begin);
}

/** @returns how many bytes came */
function receive({ url, headers }: Download): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, headers: headers() }, (answer) => {
      let received = 0;
      if (answer.statusCode !== 200) reject(new Error(`A download was answered ${answer.statusCode}.`));
      answer.on('data', (chunk: Buffer) => (received += chunk.length));
      answer.on('end', () => resolve(received));
      answer.on('error', reject);
    });
    asked.on('error', reject);
  });
}

/** Resident memory of a process above what it was before, in MiB, while several downloads run; a round is all of them once. */
async function memoryAtOnce(pid: number, download: Download, bytes: number, rounds: number): Promise<{ idle: number; peaks: number[] }> {
  await sleep(2_000);
  const idle = residentMebibytes(pid);
  const peaks = await repeat(rounds, async () => {
    let peak = 0;
    const sample = () => (peak = Math.max(peak, residentMebibytes(pid)));
    const timer = setInterval(sample, 50);
    const received = await Promise.all(Array.from({ length: atOnce }, () => receive(download)));
    clearInterval(timer);
    sample();
    if (received.some((count) => count !== bytes)) throw new Error('A download did not come whole.');
    return peak - idle;
  });
  return { idle, peaks };
}

function residentMebibytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (found === undefined) throw new Error('The process does not say how much memory it has.');
  return Number(found) / 1024;
}
