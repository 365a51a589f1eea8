import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

const mark = randomBytes(3).toString('hex');

test('an officer has an entry erased by law: it is asked what for, what a hold keeps stays, and the erased entry says what is left of it and why', async ({
  signet,
  page,
  browser,
}) => {
  await readMessage(signet, browser, `Erasure ${mark}`);
  const trail = `${signet.portalUrl}/admin/trail?subject=${mark}&operation=MessageAccess`;
  await page.goto(trail);
  await typePassword(page, signet.admin);
  await expect(page.getByRole('heading', { level: 1, name: 'Audit trail' })).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText('Whole entry')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const { items } = await signet.api.call(routes.listAuditEntries, { query: { subject: mark, operation: ['MessageAccess'] } });
  const [entry] = items;
  if (!entry) throw new Error('The entry is not there');
  const path = `${signet.portalUrl}/admin/trail/${entry.id}`;
  const dialog = page.getByRole('dialog', { name: 'Erase this entry, as a law demands' });

  await test.step('what a legal hold keeps is not erased, and the dialog names the hold', async () => {
    const body = { kind: 'message', message: entry.messageUid ?? '', reason: `Hold ${mark}` } as const;
    const hold = await signet.api.call(routes.createLegalHold, { body });
    await page.goto(path);
    await askFor(page, `Case ${mark}`);
    await expect(dialog.getByText(`Hold ${mark}`)).toBeVisible();
    await expectScreen(page, 'admin-trail-erase-held', { fullPage: false });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await signet.api.call(routes.releaseLegalHold, { params: { id: hold.id }, body: { reason: 'closed' } });
  });

  await test.step('the dialog says what goes and what stays, and then the entry goes', async () => {
    await page.getByRole('button', { name: 'Erase' }).click();
    await expect(dialog.getByText('Its place in the log stays')).toBeVisible();
    await expectScreen(page, 'admin-trail-erase', { fullPage: false });
    await dialog.getByLabel('The request or the order').fill(`Case ${mark}`);
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(dialog).toBeHidden();
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('This entry has been erased by law')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page.getByRole('region', { name: 'What is left' })).toContainText(`Case ${mark}`);
    await expectScreen(page, 'admin-trail-erased');
  });

  await test.step('no search finds it, and the record of it names its place', async () => {
    await expect(async () => {
      await page.goto(path);
      await page.getByRole('link', { name: 'The record that names its place' }).click();
      await expect(page.getByRole('region', { name: 'Whole record' })).toContainText('"cause": "erasure"', { timeout: 2_000 });
    }).toPass();
    const found = await signet.api.call(routes.listAuditEntries, { query: { subject: mark, operation: ['MessageAccess'] } });
    expect(found.items.map(({ id }) => id)).not.toContain(entry.id);
  });
});

async function askFor(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByLabel('The request or the order').fill(reason);
  await page.getByRole('button', { name: 'Erase for good' }).click();
}
