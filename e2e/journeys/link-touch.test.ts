import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { judgeTouch } from '@signet/domain/audit/touch-verdict';
import { humanProfiles, scannerProfiles } from '../../packages/domain/src/testing/touch-profiles.ts';
import { visit } from '../link-visit.ts';
import { typePassword } from '../member.ts';
import { enterPasscode } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

/** How many touches an entry stands for. */
function countOf(entry: Pick<AuditEntry, 'operationProperties'>): number {
  return Number(entry.operationProperties.find(({ name }) => name === 'Count')?.value);
}

/** Sends a message to many. @returns its Message-ID, and the link of each. */
async function sendTo(signet: Signet, subject: string, addresses: readonly string[]) {
  const from = `alice@${signet.organizationDomain}`;
  const answer = await sendMail(signet, { from, to: [...addresses], subject, text: `For ${addresses.length}.` });
  const links = new Map<string, string>();
  for (const address of addresses) links.set(address, await signet.mailbox.wrapperLink(address, subject));
  return { messageId: answer.slice(answer.indexOf('<')), linkOf: (address: string) => links.get(address) ?? '' };
}

async function entriesOf(signet: Signet, messageId: string) {
  const { items } = await signet.api.call(routes.listAuditEntries, { query: { messageId, limit: 1000 } });
  return items;
}

test('a scanner that follows the link leaves one gathered touch, and no reading, no passcode and no session', async ({ signet }) => {
  const subject = `Scanned ${randomBytes(3).toString('hex')}`;
  const to = 'erin@example.net';
  const { messageId, linkOf } = await sendTo(signet, subject, [to]);
  const link = linkOf(to);

  const visits = await Promise.all(
    ['HEAD', ...Array<string>(8).fill('GET')].map((method) => fetch(link, { method, headers: { 'user-agent': 'LinkScanner/1.0' } })),
  );
  expect(visits.map((each) => each.status)).toEqual(Array(9).fill(200));
  expect(visits.flatMap((each) => each.headers.getSetCookie())).toEqual([]);

  const touches = async () => (await entriesOf(signet, messageId)).filter((entry) => entry.operation === 'LinkTouch');
  // A minute is gathered before it becomes an entry.
  await expect.poll(async () => (await touches()).reduce((sum, entry) => sum + countOf(entry), 0), { timeout: 100_000 }).toBe(9);
  const seen = new Set((await entriesOf(signet, messageId)).map((entry) => entry.operation));
  expect([...seen].toSorted()).toEqual(['LinkTouch', 'MessageSend', 'WrapperDelivery']);
  expect((await touches()).map((entry) => judgeTouch(entry)?.verdict)).toContain('scanner');
  const message = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  expect(message.recipients).toMatchObject([{ address: to, accessState: 'unopened', openedAt: null }]);
});

/** Presses everything on a page that can be pressed, as a sandbox does that looks for what a page hides. */
async function pressEverything(page: Page): Promise<number> {
  let pressed = 0;
  for (let round = 0; round < 3; round += 1) {
    pressed += await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('button, input[type=submit], summary, [role=button]')];
      for (const element of all) element.click();
      for (const form of document.forms) form.requestSubmit();
      return all.length + document.forms.length;
    });
    await page.waitForLoadState('networkidle');
  }
  return pressed;
}

const disguise = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const person = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

test('scanners of all kinds, one that runs scripts and one that presses every button too, read nothing, sign nobody in, and take no passcode from the recipient', async ({
  signet,
  browser,
}) => {
  const subject = `Stormed ${randomBytes(3).toString('hex')}`;
  const profiles = [...scannerProfiles, ...humanProfiles].map((profile, index) => ({ ...profile, address: `reader-${index}@example.net` }));
  const [runner, presser] = ['runner@example.net', 'presser@example.net'];
  const { messageId, linkOf } = await sendTo(signet, subject, [...profiles.map(({ address }) => address), runner, presser]);
  const sent = Date.now();

  // A person asks for a passcode before the storm.
  const before = await (await browser.newContext({ userAgent: person })).newPage();
  await before.goto(linkOf(presser));
  // As people do, who read what they press.
  await sleep(1_200);
  await before.getByRole('button', { name: 'Get a one-time passcode' }).click();
  await expect(before.getByLabel('Passcode')).toBeVisible();

  const replay = async (some: readonly (typeof profiles)[number][]) => {
    for (const { address, requests } of some) {
      for (const request of requests) expect(await visit(linkOf(address), request)).toEqual({ status: 200, cookies: [] });
    }
  };
  await replay(profiles.slice(0, scannerProfiles.length));
  const runs = await browser.newContext();
  const running = await runs.newPage();
  for (let round = 0; round < 3; round += 1) await running.goto(linkOf(runner), { waitUntil: 'networkidle' });
  let pressed = 0;
  for (let round = 0; round < 4; round += 1) {
    // Each time a browser that nobody knows, under the name of a person's.
    const sandbox = await browser.newContext({ userAgent: disguise });
    const page = await sandbox.newPage();
    await page.goto(linkOf(presser), { waitUntil: 'networkidle' });
    pressed += await pressEverything(page);
    expect((await sandbox.cookies()).filter(({ name }) => name.includes('session'))).toEqual([]);
    await sandbox.close();
  }
  expect((await runs.cookies()).map(({ name }) => name)).toEqual([]);
  await runs.close();
  // People come when the mail has been there for a while.
  await sleep(Math.max(0, 20_000 - (Date.now() - sent)));
  await replay(profiles.slice(scannerProfiles.length));

  const touches = async () => (await entriesOf(signet, messageId)).filter((entry) => entry.operation === 'LinkTouch');
  const expected = profiles.reduce((sum, { requests }) => sum + requests.length, 0) + 1 + 3 + 4;
  await expect
    .poll(async () => (await touches()).reduce((sum, entry) => sum + countOf(entry), 0), { timeout: 150_000 })
    .toBeGreaterThanOrEqual(expected);

  const entries = await entriesOf(signet, messageId);
  const verdictsOf = (address: string, operation: AuditEntry['operation']) =>
    entries
      .filter((entry) => entry.operation === operation && entry.recipients.includes(address))
      .map((entry) => judgeTouch(entry)?.verdict);
  // What only a press gives away is not known by the visit alone: a whole browser's, it is a person's, or nobody knows where it came soon.
  const withoutPress = (address: string) =>
    entries
      .filter((entry) => entry.operation === 'LinkTouch' && entry.recipients.includes(address))
      .map(({ operationProperties }) => operationProperties.find((property) => property.name === 'SecondsAfterDelivery')?.value)
      .map((seconds) => (seconds !== undefined && Number(seconds) < 15 ? 'unknown' : 'human'));
  for (const { name, address, requests, verdict, press, secondsAfterDelivery } of profiles) {
    const verdicts = new Set(verdictsOf(address, 'LinkTouch'));
    process.stdout.write(`${name}: ${requests.length} requests, ${[...verdicts].join(', ')}\n`);
    if (verdict === 'scanner') expect([name, verdicts]).toEqual([name, new Set(press === undefined ? ['scanner'] : withoutPress(address))]);
    else expect([name, verdicts]).toEqual([name, new Set([secondsAfterDelivery < 20 ? 'human' : verdict])]);
  }
  expect(new Set(verdictsOf(runner, 'LinkTouch'))).toEqual(new Set(['scanner']));
  expect(verdictsOf(presser, 'LinkTouch')).toContain('scanner');
  const asked = verdictsOf(presser, 'PasscodeSend');
  expect(asked.filter((verdict) => verdict === 'human')).toHaveLength(1);
  expect(asked.filter((verdict) => verdict === 'scanner').length).toBeGreaterThan(0);
  expect(asked).toHaveLength(asked.filter((verdict) => verdict !== 'unknown').length);

  expect(entries.filter(({ operation }) => operation === 'MessageAccess')).toEqual([]);
  const signIns = entries.filter(
    ({ operation, authenticationStatus }) => operation === 'AuthenticateRequest' && authenticationStatus === 'Success',
  );
  expect(signIns).toEqual([]);
  const message = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  expect(message.recipients.filter(({ accessState, openedAt }) => accessState !== 'unopened' || openedAt !== null)).toEqual([]);

  await test.step('the passcode from before the storm works, and so does one that is asked for at once after it', async () => {
    await enterPasscode(before, signet, presser);
    await expect(before.getByRole('heading', { level: 1 })).toHaveText(subject);
    const after = await (await browser.newContext({ userAgent: person })).newPage();
    await after.goto(linkOf(presser));
    await sleep(1_200);
    await after.getByRole('button', { name: 'Get a one-time passcode' }).click();
    await enterPasscode(after, signet, presser);
    await expect(after.getByRole('heading', { level: 1 })).toHaveText(subject);
    await Promise.all([before, after].map((page) => page.context().close()));
  });

  await test.step('the admin reads in plain words who it probably was', async () => {
    const admin = await browser.newPage();
    await admin.goto(`${signet.portalUrl}/admin`);
    await typePassword(admin, signet.admin);
    await expect(admin).toHaveURL(/\/admin\/messages/);
    await admin.goto(`${signet.portalUrl}/admin/messages/${message.id}`);
    await expect(admin.getByText('Probably a mail scanner or another program').first()).toBeVisible();
    await admin.goto(`${signet.portalUrl}/admin/trail?recipient=${presser}`);
    await expect(admin.getByText('a script pressed the button').first()).toBeVisible();
    await admin.close();
  });
  const total = (await touches()).length;
  process.stdout.write(
    `${profiles.length + 2} profiles, ${expected} requests, ${pressed} presses, ${total} touches: 0 readings, 0 sessions, 0 codes lost\n`,
  );
});
