import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, type BrowserContext, type Frame, type Page } from '@playwright/test';
import { createTransport } from 'nodemailer';
import { readHostileMails, type HostileMail } from '../hostile-mails.ts';
import type { Mail } from '../mailbox.ts';
import { signInByPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';
import { openTrap } from '../trap.ts';

/** Tabs that read at the same time. */
const TABS = 3;

/** A mail on its way: who sent it from where, and what it is. */
type Sent = Pick<HostileMail, 'name' | 'sender' | 'raw'>;

test('no script runs, no page goes elsewhere and no request leaves Chromium for any of 299 hostile mails', async ({
  signet,
  playwright,
  launchOptions,
}) => {
  test.setTimeout(600_000);
  const reader = 'hostile@example.net';
  const trap = await openTrap();
  // Every name that the mails use leads to the trap. Not simply every name: Chromium has errands of its own.
  const rules = `MAP *.example 127.0.0.1:${trap.port}`;
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    args: [...(launchOptions.args ?? []), `--host-resolver-rules=${rules}`],
  });
  try {
    const mails = readHostileMails(signet.organizationDomain, trap.port);
    expect(mails.length).toBeGreaterThanOrEqual(299);
    await test.step('all are accepted', async () => {
      expect(await send(signet, mails, reader)).toEqual([]);
    });
    const wrappers = await test.step('each leads to one wrapper mail, whose header is as ever', () => wrappersOf(signet, mails, reader));

    const context = await browser.newContext({ locale: 'en-GB' });
    const seen = watch(context);
    await test.step('the recipient signs in once', async () => {
      const page = await context.newPage();
      await page.goto(linkIn(wrappers[0]));
      await signInByPasscode(page, signet, reader);
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
      await page.close();
    });
    await test.step('each is opened, and shows nothing but itself', async () => {
      const waiting = mails.map((mail, index) => ({ mail, link: linkIn(wrappers[index]) }));
      const faults: string[] = [];
      const read = async () => {
        const page = await context.newPage();
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          for (const fault of await openAndLook(page, next.link)) faults.push(`${next.mail.name}: ${fault}`);
        }
      };
      await Promise.all(Array.from({ length: TABS }, read));
      expect(faults).toEqual([]);
    });
    await test.step('an admin sees their subjects and senders, and that is all', async () => {
      const page = await context.newPage();
      await page.goto(`${signet.portalUrl}/admin`);
      await page.getByLabel('Email').fill(signet.admin.email);
      await page.getByLabel('Password').fill(signet.admin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      // The last ones sent are at the top: those whose subjects, senders and file names are hostile.
      await expect(page.getByText(/whole-mails-\d+@/).first()).toBeVisible();
      expect(await hasRun(page.mainFrame())).toBe(false);
    });
    expect(seen.requests.length).toBeGreaterThan(mails.length * 2);
    expect(seen.requests.filter((url) => new URL(url).origin !== signet.portalUrl)).toEqual([]);
    expect(seen.surprises).toEqual([]);
    expect(trap.visits).toEqual([]);

    await test.step('where nothing stands in their way, the same mails run and ask', async () => {
      const bare = await browser.newPage();
      await bare.setContent(htmlOf(mails, 'script-elements/plain'));
      expect(await hasRun(bare.mainFrame())).toBe(true);
      for (const name of [
        'loading-elements/image',
        'loading-elements/image-on-loopback',
        'styles/background-url',
        'loading-elements/iframe',
      ]) {
        const before = trap.visits.length;
        await bare.setContent(htmlOf(mails, name));
        await expect.poll(() => trap.visits.length, name).toBeGreaterThan(before);
      }
    });
    await test.step('no line of a log was begun by a mail', () => {
      expect(badLogLines(signet)).toEqual([]);
    });
  } finally {
    await browser.close();
    await trap.close();
  }
});

test('a message that cannot be taken apart is offered as the file that was sent, and a bomb is an attachment', async ({ signet, page }) => {
  const reader = 'bombs@example.net';
  const bomb = zipOf(Buffer.alloc(42 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(64 * 1024);
  const nested = Array.from({ length: 101 }, (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`).join(
    '',
  );
  const parts = '--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\nx\r\n'.repeat(1_001);
  const raws: Record<string, string> = {
    nul: 'Subject: nul\r\n\r\na\0b\r\n',
    'nul-in-header': 'Subject: a\0b\r\n\r\nx\r\n',
    fields: `${'X-Field: 1\r\n'.repeat(1_001)}Subject: fields\r\n\r\nx\r\n`,
    nested: `Subject: nested\r\n${nested}`,
    parts: `Content-Type: multipart/mixed; boundary=b\r\nSubject: parts\r\n\r\n${parts}--b--\r\n`,
    html: `Content-Type: text/html\r\nSubject: html\r\n\r\n${'<div>'.repeat(100).concat('\r\n').repeat(100)}`,
  };
  const files = Object.entries(raws).map(([name, raw]) => {
    const sender = `${name}@${signet.organizationDomain}`;
    return { name, sender, raw: Buffer.from(`From: ${sender}\r\n${raw}`, 'latin1') };
  });
  const sender = `zip@${signet.organizationDomain}`;
  const head = `From: ${sender}\r\nContent-Type: application/zip; name=zeros.zip\r\nContent-Disposition: attachment; filename=zeros.zip\r\n`;
  const encoded = bomb.toString('base64').match(/.{1,76}/g) ?? [];
  const zip = { name: 'zip', sender, raw: Buffer.from(`${head}Content-Transfer-Encoding: base64\r\n\r\n${encoded.join('\r\n')}\r\n`) };
  expect(await send(signet, [...files, zip], reader)).toEqual([]);
  const wrappers = await wrappersOf(signet, [...files, zip], reader);
  await page.goto(linkIn(wrappers[0]));
  await signInByPasscode(page, signet, reader);
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  for (const [index, file] of files.entries()) {
    await page.goto(linkIn(wrappers[index]));
    await expect(page.getByText('This message cannot be shown here.')).toBeVisible();
    if (index === 0) await expectScreen(page, 'recipient-original-only');
    const url = await page.getByRole('link', { name: /^Download/ }).getAttribute('href');
    const original = await page.request.get(new URL(url ?? '', page.url()).href);
    expect(original.headers()).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': expect.stringMatching(/^attachment/),
    });
    expect((await original.body()).equals(file.raw), file.name).toBe(true);
  }
  await page.goto(linkIn(wrappers.at(-1)));
  const url = await page.getByRole('listitem').filter({ hasText: 'zeros.zip' }).getByRole('link').getAttribute('href');
  expect((await (await page.request.get(new URL(url ?? '', page.url()).href)).body()).equals(bomb)).toBe(true);
  expect(badLogLines(signet)).toEqual([]);
});

function htmlOf(mails: readonly HostileMail[], wanted: string): string {
  return mails.find(({ name }) => name === wanted)?.html ?? '';
}

/** @returns the answers that are no acceptance. */
async function send({ smtp }: Signet, mails: readonly Sent[], to: string): Promise<string[]> {
  const auth = { user: smtp.username, pass: smtp.password };
  const transport = createTransport({ pool: true, maxConnections: 4, host: smtp.host, port: smtp.port, ignoreTLS: true, auth });
  const answers = await Promise.all(
    mails.map(async ({ name, sender, raw }) => {
      const answer = await transport.sendMail({ envelope: { from: sender, to }, raw }).then(({ response }) => response, String);
      return /^250 2\.0\.0 Accepted <.+>$/.test(answer) ? [] : [`${name}: ${answer}`];
    }),
  );
  transport.close();
  return answers.flat();
}

/** Fields that Signet and the mail system on its way write. A mail that could add one would show here. */
const WRAPPER_FIELDS = new Set([
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-signet-loop',
]);

/** The wrapper mail of each message, in their order, once all are there: to one recipient, from the message's sender. */
async function wrappersOf({ mailbox }: Signet, mails: readonly Sent[], to: string): Promise<Mail[]> {
  const bySender = new Map<string, Mail>();
  await expect
    .poll(
      async () => {
        for (const mail of await mailbox.all()) {
          if (mail.to.some(({ address }) => address === to) && mail.text.includes('/m/')) bySender.set(mail.from[0]?.address ?? '', mail);
        }
        return mails.filter(({ sender }) => !bySender.has(sender)).map(({ name }) => name);
      },
      { timeout: 60_000, intervals: [500] },
    )
    .toEqual([]);
  const wrappers = mails.flatMap(({ sender }) => bySender.get(sender) ?? []);
  for (const wrapper of wrappers) {
    expect([...wrapper.to, ...wrapper.from].map(({ address }) => address)).toEqual([to, wrapper.from[0]?.address]);
    expect(Object.keys(wrapper.headers).filter((name) => !WRAPPER_FIELDS.has(name.toLowerCase()))).toEqual([]);
    expect(wrapper.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  }
  return wrappers;
}

function linkIn(wrapper: Mail | undefined): string {
  const links = wrapper?.text.match(/^https?:\/\/\S+\/m\/\S+$/gm) ?? [];
  expect(links).toHaveLength(1);
  return links[0] ?? '';
}

/** Everything that the browser asks for, and everything that it should never do. */
function watch(context: BrowserContext): { requests: string[]; surprises: string[] } {
  const requests: string[] = [];
  const surprises: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  context.on('dialog', (dialog) => {
    surprises.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('weberror', (error) => surprises.push(`error: ${error.error().message}`));
  // A policy that had to step in says so here: nothing should have come that far.
  context.on('console', (message) => {
    // A part that is shown as an image and is none is not given.
    const refusedImage = /\/m\/[^/]+\/inline\/\d+\?/.test(message.location().url) && message.text().includes('404');
    if (['error', 'warning'].includes(message.type()) && !refusedImage) surprises.push(`console: ${message.text()}`);
  });
  context.on('page', (page) => {
    page.on('popup', (popup) => surprises.push(`window: ${popup.url()}`));
    page.on('download', (download) => surprises.push(`download: ${download.url()}`));
  });
  return { requests, surprises };
}

/** Opens a message, moves over it and through it by keyboard. @returns what is wrong. */
async function openAndLook(page: Page, link: string): Promise<string[]> {
  const gone: string[] = [];
  const onNavigation = (frame: Frame) => {
    const { pathname } = new URL(frame.url(), link);
    const wanted = new URL(link).pathname + (frame === page.mainFrame() ? '' : '/body');
    if (frame.url() !== 'about:blank' && pathname !== wanted) gone.push(`went to ${frame.url()}`);
  };
  page.on('framenavigated', onNavigation);
  await page.goto(link, { waitUntil: 'commit' });
  const body = page.locator('iframe[title="Message body"]');
  const original = page.locator('a[href$="/original"]');
  await expect(body.or(original)).toBeVisible();
  const frame = await ((await body.count()) === 0 ? undefined : body.elementHandle().then((element) => element?.contentFrame()));
  await frame?.waitForURL(/\/body\?/, { waitUntil: 'load' });
  const box = await body.or(original).boundingBox();
  if (box) await page.mouse.move(box.x + 30, box.y + Math.min(30, box.height / 2), { steps: 2 });
  await page.keyboard.press('Tab');
  // What begins by itself begins before the second frame is drawn.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  if (await hasRun(page.mainFrame())) gone.push('a script ran');
  if (page.frames().length !== (frame ? 2 : 1)) gone.push(`has ${page.frames().length} frames`);
  if (page.url() !== link) gone.push(`is at ${page.url()}`);
  page.off('framenavigated', onNavigation);
  return gone;
}

/** Whether a mail's script left its mark: all of them set `top.ran`. */
function hasRun(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => 'ran' in window);
}

/** Lines in the logs of our own processes that are no JSON object, or that carry a mail's words. */
function badLogLines({ home }: Signet): string[] {
  const folder = join(home, 'logs');
  const logs = readdirSync(folder).filter((name) => /gateway|api|worker/.test(name));
  expect(logs.length).toBeGreaterThanOrEqual(3);
  return logs.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && (!isObject(line) || /top\.ran|X-Injected|trap\.example/.test(line)))
      .map((line) => `${name}: ${line.slice(0, 300)}`),
  );
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

/** A ZIP archive with one file (APPNOTE.TXT 6.3.10, 4.3.6). */
function zipOf(content: Buffer): Buffer {
  const name = Buffer.from('zeros');
  const packed = deflateRawSync(content, { level: 9 });
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, name, packed]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
