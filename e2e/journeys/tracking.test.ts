import { randomBytes } from 'node:crypto';
import { expect, type Browser, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signetCommand } from '../command-line.ts';
import { startMailSink } from '../mail-sink.ts';
import { typePassword } from '../member.ts';
import { signInByPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

const bob = 'bob@example.net';

async function operationsOf(signet: Signet, messageId: string): Promise<string[]> {
  const { items } = await signet.api.call(routes.listAuditEntries, { query: { messageId, limit: 500 } });
  return items.map(({ operation }) => operation);
}

/** Waits until what is on its way to the trail is there. */
async function settled(signet: Signet, messageId: string): Promise<void> {
  await expect.poll(async () => (await signet.api.call(routes.listAuditEntries, { query: { messageId } })).complete).toBe(true);
}

/** Reads a message as its recipient. @returns the page, from which it can be read again: passcodes are sent sparingly. */
async function reads(signet: Signet, browser: Browser, subject: string): Promise<Page> {
  const reader = await browser.newPage();
  await reader.goto(await signet.mailbox.wrapperLink(bob, subject));
  await signInByPasscode(reader, signet, bob);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(subject);
  return reader;
}

async function openAdmin(page: Page, signet: Signet, path: string): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin/${path}`);
  await typePassword(page, signet.admin);
}

test('an admin switches tracking off and on: what happens between is not recorded, the switch itself is, and the page shows the gap', async ({
  signet,
  page,
  browser,
}) => {
  const subject = `Watched ${randomBytes(3).toString('hex')}`;
  const answer = await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: bob, subject, text: 'Hello.' });
  const messageId = answer.slice(answer.indexOf('<'));
  const reader = await reads(signet, browser, subject);
  const { id: message } = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  await expect.poll(() => operationsOf(signet, messageId)).toContain('MessageAccess');
  await settled(signet, messageId);
  const before = (await operationsOf(signet, messageId)).toSorted();

  await openAdmin(page, signet, 'settings');
  const tracking = page.getByRole('switch', { name: 'Tracking' });
  await expect(tracking).toBeChecked();
  await tracking.click();
  await expect(page.getByText('Tracking is off. From now on steps are not recorded')).toBeVisible();
  await expect(tracking).not.toBeChecked();
  await expectScreen(page, 'admin-tracking-off');
  expect((await signetCommand(signet, ['Get-IRMConfiguration'])).stdout).toContain('EnablePortalTrackingLogs : False');
  await reader.reload();
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(subject);
  await page.goto(`${signet.portalUrl}/admin/messages/${message}`);
  await expect(page.getByText('Tracking is switched off in the settings.')).toBeVisible();
  await expectScreen(page, 'admin-message-tracking-off');

  await page.goto(`${signet.portalUrl}/admin/settings`);
  await tracking.click();
  await expect(page.getByText('Tracking is on. Steps are recorded from now on')).toBeVisible();
  await settled(signet, messageId);
  expect((await operationsOf(signet, messageId)).toSorted()).toEqual(before);
  const listed = await signetCommand(signet, ['audit', 'list', '--message', messageId, '--json']);
  expect(listed.stdout.match(/MessageAccess/g)).toHaveLength(1);
  await page.goto(`${signet.portalUrl}/admin/messages/${message}`);
  await expect(page.getByText(/^Not recorded from .+ to .+\.$/).first()).toBeVisible();
  await expect(page.getByText('Tracking switched off: steps are not recorded from here on')).toBeVisible();
  const records = await signetCommand(signet, ['record', 'list', '--action', 'ConfigurationChange', '--limit', '2', '--json']);
  expect(JSON.parse(records.stdout)).toMatchObject({
    items: [
      { actor: { address: signet.admin.email }, before: { enablePortalTrackingLogs: false }, after: { enablePortalTrackingLogs: true } },
      { actor: { address: signet.admin.email }, before: { enablePortalTrackingLogs: true }, after: { enablePortalTrackingLogs: false } },
    ],
  });

  await reader.reload();
  await expect
    .poll(async () => (await operationsOf(signet, messageId)).filter((operation) => operation === 'MessageAccess'))
    .toHaveLength(2);
});

test('of a message under the default template nothing is recorded, and api, command and page say so', async ({ signet, page, browser }) => {
  const subject = `Unwatched ${randomBytes(3).toString('hex')}`;
  const answer = await sendMail(signet, {
    from: `alice@${signet.organizationDomain}`,
    to: bob,
    subject,
    text: 'Hello.',
    headers: { 'X-Signet-Template': 'OME Configuration' },
  });
  await reads(signet, browser, subject);
  const messageId = answer.slice(answer.indexOf('<'));
  const message = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  expect(message).toMatchObject({ tracking: { state: 'off', reason: 'default_template' } });
  await settled(signet, message.messageId);
  expect(await operationsOf(signet, message.messageId)).toEqual([]);
  const shown = await signetCommand(signet, ['message', 'show', messageId]);
  expect(shown.stdout).toMatch(/^Tracking +: off/m);
  expect(shown.stdout).toMatch(/bob@example\.net +sent +unrecorded/);
  await openAdmin(page, signet, `messages/${message.id}`);
  await expect(page.getByText('Not recorded: messages under the default template are never tracked.')).toBeVisible();
  await expect(page.getByText('Not tracked: whether it was opened is not known').first()).toBeVisible();
  await expectScreen(page, 'admin-message-not-tracked');
});

test('a message that was passed through cannot be revoked: api, command and page say so, and refuse', async ({ signet, page }) => {
  const domain = `d${randomBytes(3).toString('hex')}.example`;
  const sink = await startMailSink();
  const hop = await signet.api.call(routes.createNextHop, { body: { domain, host: '127.0.0.1', port: sink.port, tls: 'opportunistic' } });
  const rule = await signet.api.call(routes.createMailRule, {
    body: {
      name: `Pass to ${domain}`,
      conditions: [{ kind: 'recipientDomain', domains: [domain] }],
      actions: [{ kind: 'passThrough' }],
      position: 0,
    },
  });
  try {
    const from = `alice@${signet.organizationDomain}`;
    const answer = await sendMail(signet, { from, to: `carol@${domain}`, subject: 'As it is', text: 'Hello.' });
    const messageId = answer.slice(answer.indexOf('<'));
    await expect.poll(() => sink.mails.size).toBe(1);
    const message = await signet.api.call(routes.getMessage, { params: { message: messageId } });
    expect(message).toMatchObject({ isRevocable: false, revoked: false });
    await expect(signet.api.call(routes.revokeMessage, { params: { message: message.id }, body: {} })).rejects.toThrow('not_revocable');
    const status = await signetCommand(signet, ['Get-OMEMessageStatus', messageId]);
    expect(status.stdout).toMatch(/^IsRevocable : False\nRevoked +: False$/m);
    expect(await signetCommand(signet, ['Set-OMEMessageRevocation', messageId, '-Revoke', '$true'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('not_revocable'),
    });
    await openAdmin(page, signet, `messages/${message.id}`);
    await expect(page.getByText('nothing is recorded there, and it cannot be taken back')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Revoke', exact: true })).toHaveCount(0);
    await expectScreen(page, 'admin-message-passed');
  } finally {
    await signet.api.call(routes.removeMailRule, { params: { id: rule.id } });
    await signet.api.call(routes.removeNextHop, { params: { id: hop.id } });
    await sink.stop();
  }
});
