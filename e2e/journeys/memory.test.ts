import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { z } from 'zod';
import { signInByPasscode } from '../reader.ts';
import { peaksDuring, pidOf, residentMebibytes } from '../resident-memory.ts';
import { test, type Signet } from '../signet.ts';

const AT_ONCE = 10;
const ROOM_MEBIBYTES = 64;
/** The gateway's own limit, with some room for the header. */
const MESSAGE_BYTES = 25 * 1024 * 1024 - 4096;

const secrets = z.object({ portalSecret: z.string() });

/** A message of nearly 25 MiB with one attachment, as DATA carries it. */
function largeMessage(name: string): Buffer {
  const head = [
    `Message-ID: <${name}@acme.example>`,
    `Subject: ${name}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'A large file.',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename="large.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join('\r\n');
  const lines = Math.floor((MESSAGE_BYTES - head.length) / 78);
  const content = randomBytes(lines * 57)
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\r\n');
  return Buffer.from(`${head}${content}--b--\r\n.\r\n`, 'latin1');
}

/** Hands a message over by SMTP. @throws at any answer but 250. */
function submit({ smtp, organizationDomain }: Signet, to: string, message: Buffer): Promise<void> {
  const socket = connect(smtp.port, smtp.host);
  const login = Buffer.from(`\0${smtp.username}\0${smtp.password}`).toString('base64');
  const steps = [`EHLO client.example`, `AUTH PLAIN ${login}`, `MAIL FROM:<alice@${organizationDomain}>`, `RCPT TO:<${to}>`, 'DATA'];
  return new Promise((resolve, reject) => {
    let said = '';
    const left: (string | Buffer)[] = [...steps.map((step) => `${step}\r\n`), message];
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      said += chunk;
      if (!/^\d{3} [^\n]*\n$/m.test(said)) return;
      if (!/^[23]/.test(said)) reject(new Error(`The gateway answered: ${said}`));
      said = '';
      const next = left.shift();
      if (next !== undefined) socket.write(next);
      else {
        socket.destroy();
        resolve();
      }
    });
    socket.on('error', reject);
  });
}

/** Hands a message over by HTTP, as the bytes it is. @throws at any answer but 202. */
async function post({ apiUrl, apiKey, organizationDomain }: Signet, to: string, message: Buffer): Promise<void> {
  const envelope = new URLSearchParams({ sender: `alice@${organizationDomain}`, recipient: to });
  const url = new URL(`${apiUrl}/v1/messages?${envelope.toString()}`);
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'message/rfc822', 'content-length': message.length };
  const asked = request(url, { method: 'POST', agent: false, headers }).end(message);
  const [answer] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(asked, 'response'));
  const said = await text(answer);
  if (answer.statusCode !== 202) throw new Error(`The api answered ${answer.statusCode}: ${said}`);
}

/** @returns how many bytes came. */
function download(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, headers }, (answer) => {
      let received = 0;
      if (answer.statusCode !== 200) reject(new Error(`A download was answered ${answer.statusCode}`));
      answer.on('data', (chunk: Buffer) => (received += chunk.length));
      answer.on('end', () => resolve(received));
      answer.on('error', reject);
    });
    asked.on('error', reject);
  });
}

/** Signs the reader in and answers where the attachment can be had, at the api and through the portal. */
async function readerOf(page: Page, signet: Signet, to: string, subject: string) {
  const link = await signet.mailbox.wrapperLink(to, subject);
  await page.goto(link);
  await signInByPasscode(page, signet, to);
  const href = await page
    .getByRole('link', { name: /Download/ })
    .first()
    .getAttribute('href');
  const session = (await page.context().cookies()).find(({ name }) => name === 'signet-session')?.value ?? '';
  const { pathname } = new URL(href ?? '', page.url());
  const { portalSecret } = secrets.parse(JSON.parse(readFileSync(join(signet.home, 'secrets.json'), 'utf8')));
  const path = pathname.slice('/m/'.length);
  return {
    api: (rest = path) =>
      download(`${signet.apiUrl}/v1/links/${rest}`, {
        [portalHeader.secret]: portalSecret,
        [portalHeader.session]: session,
        [portalHeader.visitorIp]: '203.0.113.7',
        [portalHeader.visitorAgent]: 'Test/1.0',
      }),
    portal: (rest = path) => download(`${signet.portalUrl}/m/${rest}`, { cookie: `signet-session=${session}` }),
    original: `${path.split('/')[0]}/original`,
  };
}

const tenTimes = <T>(work: (index: number) => Promise<T>) => Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));

test('gateway, api and portal stay within 64 MiB of idle while ten messages of 25 MiB pass at once, each way', async ({ signet, page }) => {
  const to = 'large@example.net';
  const pids = { gateway: pidOf(signet, 'gateway'), api: pidOf(signet, 'api'), portal: pidOf(signet, 'portal') };
  // As many at once as the parser has threads: from then on all of them run, as they do in a system that works.
  const threads = Array.from({ length: Math.min(4, availableParallelism()) }, (_, index) => index);
  await Promise.all(threads.map((index) => submit(signet, to, largeMessage(`warm-up ${index}`))));
  await Promise.all(threads.map((index) => post(signet, to, largeMessage(`warm-up over HTTP ${index}`))));
  const reader = await readerOf(page, signet, to, 'warm-up 0');
  await reader.api();
  await reader.portal();
  await reader.api(reader.original);
  await reader.portal(reader.original);
  await page.close();
  await sleep(3_000);
  const idle = { gateway: residentMebibytes(pids.gateway), api: residentMebibytes(pids.api), portal: residentMebibytes(pids.portal) };

  const messages = Array.from({ length: AT_ONCE }, (_, index) => largeMessage(`large-${index}`));
  const posted = Array.from({ length: AT_ONCE }, (_, index) => largeMessage(`posted-${index}`));
  const rounds = {
    'in by SMTP': () => tenTimes((index) => submit(signet, to, messages[index] ?? Buffer.alloc(0))),
    'in over HTTP': () => tenTimes((index) => post(signet, to, posted[index] ?? Buffer.alloc(0))),
    'attachments at the api': () => tenTimes(() => reader.api()),
    'originals at the api': () => tenTimes(() => reader.api(reader.original)),
    'attachments through the portal': () => tenTimes(() => reader.portal()),
    'originals through the portal': () => tenTimes(() => reader.portal(reader.original)),
  };
  const above: Record<string, Record<string, number>> = {};
  for (const [what, round] of Object.entries(rounds)) {
    const started = performance.now();
    const peaks = await peaksDuring(pids, round);
    above[what] = {
      gateway: Math.round(peaks.gateway - idle.gateway),
      api: Math.round(peaks.api - idle.api),
      portal: Math.round(peaks.portal - idle.portal),
      seconds: Math.round(performance.now() - started) / 1000,
    };
  }
  console.log(
    `Idle: gateway ${Math.round(idle.gateway)} MiB, api ${Math.round(idle.api)} MiB, portal ${Math.round(idle.portal)} MiB. Above it, in MiB:`,
  );
  console.table(above);
  for (const [what, { seconds: _, ...grown }] of Object.entries(above)) {
    for (const [app, mebibytes] of Object.entries(grown)) expect(mebibytes, `${app}, ${what}`).toBeLessThanOrEqual(ROOM_MEBIBYTES);
  }
});
