import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { auditEntry } from '@signet/domain/audit/entry';
import { withoutNewEntries } from '../database.ts';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';

const mark = randomBytes(3).toString('hex');

test('a compliance officer searches the audit trail, opens what is on record, and comes from a step to its message', async ({
  signet,
  page,
  browser,
}) => {
  const subject = `Trail ${mark}`;
  const message = await readMessage(signet, browser, subject);
  const admin = (query: string) => `${signet.portalUrl}/admin/trail${query}`;
  const table = page.getByRole('table');
  const steps = table.getByRole('row').filter({ has: page.getByText('Whole entry') });
  const step = (what: string) => steps.filter({ hasText: what });

  await test.step('there it is, newest first, and the list says how sure it is', async () => {
    await page.goto(admin(''));
    await typePassword(page, signet.admin);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit trail');
    await expect(async () => {
      await page.reload();
      await expect(step('Message opened').first()).toContainText(subject, { timeout: 1_000 });
    }).toPass();
    await expect(page.getByText(/^Shows every step recorded before/)).toBeVisible();
    await expectScreen(page, 'admin-trail');
  });

  await test.step('filters count together and stand in the address; what is wrong is said at its box', async () => {
    await page.getByText('Filters', { exact: true }).click();
    const choice = page.getByRole('group', { name: 'Steps' });
    await choice.getByText('Any', { exact: true }).click();
    await choice.getByRole('checkbox', { name: 'Message opened' }).check();
    await choice.getByRole('checkbox', { name: 'Message accepted' }).check();
    await page.getByRole('textbox', { name: 'Recipient' }).fill('bob@*');
    await page.getByLabel('Words of the subject').fill(mark);
    await expectScreen(page, 'admin-trail-filters');
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(steps).toHaveCount(2);
    await expect(step('Message opened')).toContainText('bob@example.net');
    await expect(step('Message accepted')).toContainText('bob@example.net');
    await choice.getByText('Message accepted, Message opened').click();
    await choice.getByRole('checkbox', { name: 'Message accepted' }).uncheck();
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(steps).toHaveCount(1);
    await expectScreen(page, 'admin-trail-filtered');
    await page.goto(admin(`?recipient=bob@*&subject=${mark}&from=24.11.2026`));
    await expect(page.getByText('Write a day as 2026-11-24.')).toBeVisible();
    await expect(page.getByLabel('From', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('textbox', { name: 'Recipient' })).toHaveValue('bob@*');
    await page.goto(admin(`?recipient=bob@*&subject=${mark}&fromTime=10:30&to=2026-11-24&toTime=late`));
    await expect(page.getByText('Choose the day of this time as well.')).toBeVisible();
    await expect(page.getByText('Write a time as 16:30.')).toBeVisible();
    await expect(page.getByLabel('Time of the last day')).toHaveValue('late');
    await expectScreen(page, 'admin-trail-fault');
    await page.goto(admin('?recipient=nobody@example.org'));
    await expect(page.getByText('No step fits this.')).toBeVisible();
    await expectScreen(page, 'admin-trail-none');
    await page.goto(admin(`?cursor=damaged`));
    await expect(page.getByText('Something in the address of this page is damaged')).toBeVisible();
  });

  await test.step('all other filters are chosen and typed in the form, and stand in the address', async () => {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Zurich' });
    const [yesterday, tomorrow] = [day.format(Date.now() - 86_400_000), day.format(Date.now() + 86_400_000)];
    await page.goto(admin(''));
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Outcome').selectOption('Done');
    await page.getByLabel('Message-ID or id').fill(message);
    await page.getByLabel('Sender').fill('ALICE@*');
    await page.getByLabel('Signed in with').selectOption('Passcode');
    await page.getByRole('combobox', { name: 'Sign-in', exact: true }).selectOption('Done');
    await page.getByLabel('Stated by').fill('signet');
    await page.getByLabel('From', { exact: true }).fill(yesterday);
    await page.getByLabel('Time of the first day').fill('00:01');
    await page.getByLabel('To (included)').fill(tomorrow);
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(step('Signed in with a passcode')).toHaveCount(1);
    await expect(step('Message accepted')).toHaveCount(0);
    const asked = Object.fromEntries([...new URL(page.url()).searchParams].filter(([, value]) => value !== ''));
    expect(asked).toEqual({
      operationStatus: 'Success',
      messageId: message,
      sender: 'ALICE@*',
      authenticationMethod: 'OTP',
      authenticationStatus: 'Success',
      source: 'signet',
      from: yesterday,
      fromTime: '00:01',
      to: tomorrow,
    });
    await page.getByLabel('Signed in with').selectOption('Google');
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(page.getByText('No step fits this.')).toBeVisible();
  });

  await test.step('by keyboard an entry opens to all that is on record', async () => {
    await page.goto(admin(`?subject=${mark}&operation=MessageAccess`));
    await expect(steps).toHaveCount(1);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const whole = auditEntry.parse(JSON.parse(await table.locator('code').innerText()));
    expect(whole).toMatchObject({ operation: 'MessageAccess', recipients: ['bob@example.net'], messageUid: message, source: 'signet' });
    await expectScreen(page, 'admin-trail-entry');
  });

  await test.step('columns are chosen for this browser', async () => {
    await expect(page.getByRole('columnheader', { name: 'Sender' })).toBeHidden();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Sender', { exact: true }).last().check();
    await page.getByLabel('Place in the log').check();
    await page.getByRole('button', { name: 'Show these columns' }).click();
    await expect(page.getByRole('columnheader', { name: 'Sender' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('columnheader', { name: 'Place in the log' })).toBeVisible();
    await expectScreen(page, 'admin-trail-columns');
  });

  await test.step('from a step to all of its message’s, and to the message', async () => {
    await step('Message opened').getByRole('link', { name: subject }).click();
    await expect(step('Message accepted')).toHaveCount(1);
    await expect(step('Signed in with a passcode')).toHaveCount(1);
    await step('Message opened').getByRole('link', { name: 'Its page' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject);
  });

  await test.step('that somebody read the trail is on record', async () => {
    await page.goto(`${signet.portalUrl}/admin/records?action=AuditSearch`);
    await expect(page.getByRole('table')).toContainText('nobody@example.org');
  });
});

/** Events of another system, one a second from a time on; returns once they are durable. */
async function state(
  { api, organizationDomain }: Signet,
  { message, count, from, status = 'Success' }: { message: string; count: number; from: string; status?: 'Success' | 'Failure' },
): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    operation: 'AttachmentDownload' as const,
    creationTime: new Date(Date.parse(from) + index * 1_000).toISOString(),
    messageId: `<${message}-${mark}@${organizationDomain}>`,
    recipients: ['bob@example.net'],
    sender: `alice@${organizationDomain}`,
    operationStatus: status,
    attachmentName: `part ${index}.pdf`,
  }));
  await api.call(routes.recordAuditEvents, { body: { events } });
}

test('a long trail is read page by page both ways, and a list says what it has not looked at, and what is still on its way', async ({
  signet,
  page,
}) => {
  const paged = `<paged-${mark}@${signet.organizationDomain}>`;
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const steps = page.getByRole('table').getByRole('row').filter({ hasText: 'Whole entry' });
  const turn = (name: string) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  const found = async (query: Parameters<typeof signet.api.call<typeof routes.listAuditEntries>>[1]) =>
    (await signet.api.call(routes.listAuditEntries, query)).items.length;
  await state(signet, { message: 'paged', count: 120, from: '2026-03-02T10:00:00Z' });
  await state(signet, { message: 'first', count: 2, from: '2026-03-09T00:00:00Z' });
  for (const hour of ['03', '06', '09'])
    await state(signet, { message: 'failed', count: 3_500, from: `2026-03-09T${hour}:00:00Z`, status: 'Failure' });
  await expect.poll(() => found({ query: { messageId: paged, limit: 500 } }), { timeout: 60_000 }).toBe(120);
  for (const [from, to, count] of [
    ['00', '03', 2],
    ['03', '06', 3_500],
    ['06', '09', 3_500],
    ['09', '12', 3_500],
  ] as const) {
    const query = { from: `2026-03-09T${from}:00:00Z`, to: `2026-03-09T${to}:00:00Z`, limit: 5_000 };
    await expect.poll(() => found({ query }), { timeout: 60_000 }).toBe(count);
  }

  await test.step('who looks for a message that Signet did not send is led from the messages to the trail', async () => {
    await page.goto(admin(`messages?q=${encodeURIComponent(paged)}`));
    await typePassword(page, signet.admin);
    await expect(page.getByText('No message fits this')).toBeVisible();
    await expectScreen(page, 'admin-messages-none-found');
    await page.getByRole('link', { name: 'as a Message-ID' }).click();
    await expect(steps).toHaveCount(50);
    await expect(page.getByText('120 steps.')).toBeVisible();
  });

  await test.step('older, newer and back to the newest, and nothing twice', async () => {
    await expect(steps.first()).toContainText('part 119.pdf');
    await turn('Older');
    await expect(steps.first()).toContainText('part 69.pdf');
    await expect(steps).toHaveCount(50);
    await expectScreen(page, 'admin-trail-older');
    await turn('Older');
    await expect(steps.first()).toContainText('part 19.pdf');
    await expect(steps).toHaveCount(20);
    await turn('Newer');
    await expect(steps.first()).toContainText('part 69.pdf');
    await expect(steps).toHaveCount(50);
    await turn('Newest');
    await expect(steps.first()).toContainText('part 119.pdf');
  });

  await test.step('a time narrows a day to the minute, both ends included', async () => {
    await page.goto(admin(`trail?messageId=${encodeURIComponent(paged)}&from=2026-03-02&fromTime=11:00&to=2026-03-02&toTime=11:00`));
    await expect(page.getByText('60 steps.')).toBeVisible();
    await expect(steps.first()).toContainText('part 59.pdf');
    await expect(page.getByLabel('Time of the first day')).toHaveValue('11:00');
  });

  await test.step('a search that stopped at its budget says so, and goes on', async () => {
    await page.goto(admin('trail?operationStatus=Success&from=2026-03-09&to=2026-03-09'));
    await expect(page.getByText('Nothing so far.')).toBeVisible();
    await expect(page.getByText(/^As far as the search has looked/)).toBeVisible();
    await expectScreen(page, 'admin-trail-stopped');
    await page.getByRole('link', { name: 'Go on with older steps' }).click();
    await expect(steps).toHaveCount(2);
    await expect(page.getByText(/^Shows every step recorded before/)).toBeVisible();
  });

  await test.step('what is durable and no entry yet is not kept quiet about', async () => {
    await withoutNewEntries(signet, async () => {
      await state(signet, { message: 'paged', count: 1, from: '2026-03-02T11:00:00Z' });
      await page.goto(admin(`trail?messageId=${encodeURIComponent(paged)}`));
      await expect(page.getByText(/^Some steps are still on their way/)).toBeVisible();
      await expect(steps.first()).toContainText('part 119.pdf');
      await expectScreen(page, 'admin-trail-on-its-way');
    });
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('121 steps.')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page.getByText(/^Shows every step recorded before/)).toBeVisible();
  });
});
