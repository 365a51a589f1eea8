import { Agent, request } from 'node:http';
import type { BenchSignet } from './bench-signet.ts';
import { readLinks } from './mailbox.ts';
import type { Bench } from './measurement.ts';
import { portalHeaders, signIn } from './recipient.ts';
import type { ReaderLink } from './recipient.ts';
import { htmlMailRest, mailHeader } from './sample-mail.ts';
import { SmtpSession } from './smtp-session.ts';

/** Sends messages with a body of 20 kB, 100 to ten recipients each, and signs their recipients in. */
export async function prepareReaders({ quick, say }: Bench, signet: BenchSignet): Promise<ReaderLink[]> {
  const messages = quick ? 5 : 100;
  const recipients = Array.from({ length: quick ? 3 : 10 }, (_, index) => `reader${index}@example.net`);
  const rest = htmlMailRest();
  const session = await SmtpSession.open({ ...signet.acme.smtp, credentials: signet.acme.smtp });
  for (let index = 0; index < messages; index += 1) {
    const data = Buffer.from(mailHeader(`opening-${index}`, recipients[0] ?? '') + rest);
    await session.send({ sender: 'alice@acme.example', recipients, data });
  }
  await session.close();
  const count = messages * recipients.length;
  say(`  waiting for ${count} wrapper mails`);
  const links = (await readLinks(signet.mailboxUrl, count)).filter(({ address }) => address.startsWith('reader'));
  const readers = await signIn(signet, links);
  const [first] = readers;
  if (first === undefined) throw new Error('No recipient has signed in.');
  const { size, status } = await openOnce(new Agent(), signet, first);
  if (status !== 200 || size < 19_000) throw new Error(`A body of ${size} bytes with status ${status} is not the one that was sent.`);
  return readers;
}

/**
 * Begins openings at a fixed rate, whatever became of those before, until something is over, one way or the other.
 * @returns how long each took from when it was due, in milliseconds
 */
export async function openAtRate(
  signet: BenchSignet,
  links: readonly ReaderLink[],
  rate: number,
  until: Promise<unknown>,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const begin = performance.now();
  const under: Promise<number>[] = [];
  const over = new AbortController();
  const end = () => over.abort();
  until.then(end, end);
  while (!over.signal.aborted) {
    for (;;) {
      const due = begin + (under.length * 1_000) / rate;
      if (due > performance.now()) break;
      const link = links[under.length % links.length];
      if (link === undefined) throw new Error('There is no link.');
      under.push(openOnce(agent, signet, link).then(({ status }) => (status === 200 ? performance.now() - due : Number.POSITIVE_INFINITY)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const waits = await Promise.all(under);
  agent.destroy();
  return waits;
}

/** The id of an opening, out of its answer. */
export function accessIdOf(answer: string): string {
  const { accessId }: { accessId: string } = JSON.parse(answer);
  return accessId;
}

async function openOnce(agent: Agent, signet: BenchSignet, { token, session }: ReaderLink): Promise<{ status: number; size: number }> {
  const url = `${signet.apiUrl}/v1/links/${token}`;
  const access = await exchange(agent, 'POST', `${url}/access`, portalHeaders(signet, session));
  if (access.status !== 201) return { status: access.status, size: 0 };
  const accessId = accessIdOf(access.body.toString());
  const body = await exchange(agent, 'GET', `${url}/body?access=${accessId}`, portalHeaders(signet, session));
  return { status: body.status, size: body.body.length };
}

function exchange(agent: Agent, method: string, url: string, headers: Record<string, string>): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}
