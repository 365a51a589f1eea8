/**
 * Walks the main job through a running installation that has the demo organizations and a mailbox, as a mail program, a recipient's
 * browser without script and an integration would: `node infra/compose/journey.ts < seed.json`. Ends with 0 when every step held.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createTransport } from 'nodemailer';
import { fieldOf, textOf } from '../local/home.ts';
import { FormBrowser } from './form-browser.ts';

const { values: at } = parseArgs({
  options: {
    portal: { type: 'string', default: 'http://localhost:3000' },
    api: { type: 'string', default: 'http://localhost:3001' },
    mailbox: { type: 'string', default: 'http://localhost:1080' },
    'smtp-port': { type: 'string', default: '2525' },
  },
});
const organization = fieldOf(JSON.parse(await text(process.stdin)), 'acme');
const marker = randomBytes(6).toString('hex');
const subject = `Journey ${marker}`;
const secret = `For your eyes only: ${randomBytes(12).toString('hex')}`;

/** Says what held, and how long it took. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  console.log(`ok  ${name} (${Math.round(performance.now() - begin)} ms)`);
  return result;
}

/** The newest mail that is wanted, waited for. */
async function mail(wanted: (mail: unknown) => boolean): Promise<string> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(250)) {
    const mails: unknown = await (await fetch(`${at.mailbox}/email`)).json();
    const found = Array.isArray(mails) ? mails.findLast(wanted) : undefined;
    if (found !== undefined) return `${textOf(found, 'subject')}\n${textOf(found, 'text')}`;
  }
  throw new Error('The mail did not come within a minute.');
}

const subjectHas = (words: string) => (found: unknown) => textOf(found, 'subject').includes(words);

const messageId = await step('a mail program hands a message to the gateway, over TLS', async () => {
  const smtp = fieldOf(organization, 'smtp');
  const transport = createTransport({
    host: '127.0.0.1',
    port: Number(at['smtp-port']),
    requireTLS: true,
    // The certificate that make-env.sh makes is signed by nobody.
    tls: { rejectUnauthorized: false },
    auth: { user: textOf(smtp, 'username'), pass: textOf(smtp, 'password') },
  });
  const domain = textOf(organization, 'organizationDomain');
  const { response } = await transport.sendMail({
    from: `Alice <alice@${domain}>`,
    to: 'bob@example.net',
    subject,
    text: secret,
    attachments: [{ filename: 'offer.txt', content: secret }],
  });
  transport.close();
  return /^250 2\.0\.0 Accepted (<.+>)$/.exec(response)?.[1] ?? assert.fail(response);
});

const link = await step('the recipient gets a wrapper mail with a link and no content', async () => {
  const wrapper = await mail(subjectHas(marker));
  assert.ok(!wrapper.includes(secret));
  const token = /\/m\/(\S+)$/m.exec(wrapper)?.[1] ?? assert.fail('The wrapper mail has no link.');
  return `${at.portal}/m/${token}`;
});

const browser = new FormBrowser();
const opened = await step('a passcode opens the message', async () => {
  const before = await browser.get(link);
  assert.equal(before.status, 200);
  assert.ok(!before.html.includes(subject) && !before.html.includes(secret));
  const asked = await browser.submit(before, 'requestPasscode', {});
  const reference = /<strong[^>]*>([^<]+)<\/strong>/.exec(asked.html)?.[1] ?? assert.fail('The page shows no reference.');
  const passcode = /^\d{8}/.exec(await mail(subjectHas(reference)))?.[0] ?? assert.fail('The mail has no passcode.');
  const page = await browser.submit(asked, 'signIn', { passcode });
  assert.ok(page.html.includes(subject));
  return page;
});
const content = [/src="([^"]*\/body[^"]*)"/, /href="([^"]*\/attachments\/[^"]*)"/].map((pattern) => {
  const found = pattern.exec(opened.html)?.[1] ?? assert.fail(`The page does not have ${pattern}.`);
  return new URL(found.replaceAll('&amp;', '&'), link).href;
});

await step('body and attachment are what was sent', async () => {
  for (const url of content) {
    const answer = await browser.get(url);
    assert.equal(answer.status, 200);
    assert.ok(answer.html.includes(secret));
  }
});

const api = async (method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { authorization: `Bearer ${textOf(organization, 'apiKey')}`, 'content-type': 'application/json' };
  const answer = await fetch(`${at.api}/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  assert.ok(answer.ok, `${method} ${path} answered ${answer.status}`);
  return answer.json();
};

await step('every step is in the trail', async () => {
  const wanted = ['MessageSend', 'WrapperDelivery', 'PasscodeSend', 'AuthenticateRequest', 'MessageAccess', 'AttachmentDownload'];
  for (const deadline = Date.now() + 30_000; ; await sleep(250)) {
    const items = fieldOf(await api('GET', `/audit-entries?messageId=${encodeURIComponent(messageId)}`), 'items');
    const seen = new Set(Array.isArray(items) ? items.map((entry: unknown) => textOf(entry, 'operation')) : []);
    if (wanted.every((operation) => seen.has(operation))) return;
    assert.ok(Date.now() < deadline, `Recorded are only ${[...seen].join(', ')}.`);
  }
});

await step('revoked, link and content answer 410', async () => {
  await api('POST', `/messages/${encodeURIComponent(messageId)}/revocation`, { reason: 'Sent to the wrong Bob' });
  for (const url of [link, ...content]) {
    const answer = await browser.get(url);
    assert.equal(answer.status, 410);
    assert.ok(!answer.html.includes(secret));
  }
});
