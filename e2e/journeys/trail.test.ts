import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { auditEntry } from '@signet/domain/audit/entry';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

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
    await page.getByLabel('Step').selectOption('Message opened');
    await page.getByLabel('Recipient').fill('bob@*');
    await page.getByLabel('Words of the subject').fill(mark);
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(steps).toHaveCount(1);
    await expect(step('Message opened')).toContainText('bob@example.net');
    await expectScreen(page, 'admin-trail-filtered');
    await page.goto(admin(`?recipient=bob@*&subject=${mark}&from=24.11.2026`));
    await expect(page.getByText('Write a day as 2026-11-24.')).toBeVisible();
    await expect(page.getByLabel('From', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Recipient')).toHaveValue('bob@*');
    await expectScreen(page, 'admin-trail-fault');
    await page.goto(admin('?recipient=nobody@example.org'));
    await expect(page.getByText('No step fits this.')).toBeVisible();
    await expectScreen(page, 'admin-trail-none');
    await page.goto(admin(`?cursor=damaged`));
    await expect(page.getByText('Something in the address of this page is damaged')).toBeVisible();
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
