import { randomBytes, randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { joinAs, typePassword } from '../member.ts';
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

test('an officer has all entries of an address erased: they are counted first, what a hold keeps stays, and the list says how far it is', async ({
  signet,
  page,
  browser,
}) => {
  const address = `forgotten-${mark}@example.net`;
  const events = [`kept-${mark}`, `first-${mark}`, `second-${mark}`].map((name) => ({
    id: randomUUID(),
    operation: 'AttachmentReview' as const,
    creationTime: new Date().toISOString(),
    messageId: `<${name}@${signet.organizationDomain}>`,
    recipients: [address],
    sender: `alice@${signet.organizationDomain}`,
    operationStatus: 'Success' as const,
    attachmentName: 'plan.pdf',
  }));
  await signet.api.call(routes.recordAuditEvents, { body: { events } });
  const left = async () => {
    const { items } = await signet.api.call(routes.listAuditEntries, { query: { recipient: address } });
    return items.map(({ messageId }) => messageId).toSorted((one, other) => one.localeCompare(other));
  };
  await expect.poll(async () => (await left()).length).toBe(3);
  const body = { kind: 'address', address, reason: `Trial ${mark}` } as const;

  await page.goto(`${signet.portalUrl}/admin/trail`);
  await typePassword(page, signet.admin);
  await page.getByRole('link', { name: 'Erasures', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Erasures by law' })).toBeVisible();
  const box = page.getByLabel('Address to be forgotten');
  const count = page.getByRole('button', { name: 'Count its entries' });
  const dialog = page.getByRole('dialog', { name: 'Erase these entries, as a law demands' });

  await test.step('what is no address is said at its box, and of an address that nothing names so', async () => {
    await box.fill('forgotten');
    await count.click();
    await expect(box).toHaveAccessibleDescription(/Write one whole address/);
    await expect(box).toBeFocused();
    await box.fill(`nobody-${mark}@example.net`);
    await count.click();
    await expect(page.getByText('No entry of the trail names this address')).toBeVisible();
    await expectScreen(page, 'admin-erasures');
  });

  await test.step('what a hold keeps is named', async () => {
    const hold = await signet.api.call(routes.createLegalHold, { body });
    await box.fill(address);
    await count.click();
    await expect(page.getByText('Nothing would be erased.')).toBeVisible();
    await expect(page.getByText('3 entries stay, since legal holds keep them:')).toBeVisible();
    await expect(page.getByRole('link', { name: `Trial ${mark}` })).toBeVisible();
    await expectScreen(page, 'admin-erasures-held');
    await signet.api.call(routes.releaseLegalHold, { params: { id: hold.id }, body: { reason: 'closed' } });
  });

  await test.step('it is counted, asked for a reason and done, and its row says how far it is', async () => {
    await count.click();
    await expect(page.getByText(`3 entries of 3 messages that name ${address} would be erased.`)).toBeVisible();
    await page.getByText('Which messages').click();
    await expect(page.getByText(`<first-${mark}@${signet.organizationDomain}>: 1 entry`)).toBeVisible();
    await expectScreen(page, 'admin-erasures-counted');
    await page.getByRole('button', { name: 'Erase 3 entries' }).click();
    await expect(dialog.getByText(`3 entries that name ${address}, and everything`)).toBeVisible();
    await expectScreen(page, 'admin-erasures-ask', { fullPage: false });
    await dialog.getByLabel('The request or the order').fill(`Request ${mark}`);
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('3 entries will be erased within seconds.')).toBeVisible();
    const row = page.getByRole('row').filter({ hasText: `Request ${mark}` });
    await expect(async () => {
      await page.reload();
      await expect(row).toContainText('Done', { timeout: 1_000 });
    }).toPass();
    await expect(row).toContainText('All entries of an address');
    await expect(row.getByRole('cell')).toContainText([signet.admin.email, `Request ${mark}`, '3', '3', '0', '0', 'Done']);
    await expectScreen(page, 'admin-erasures-done');
    expect(await left()).toEqual([]);
    await expect(page.locator('body')).not.toContainText(address);
  });

  await test.step('an auditor sees what was erased and has none erased', async () => {
    const auditor = await joinAs('auditor', signet, browser);
    await auditor.goto(`${signet.portalUrl}/admin/trail/erasures`);
    await expect(auditor.getByRole('row').filter({ hasText: `Request ${mark}` })).toBeVisible();
    await expect(auditor.getByLabel('Address to be forgotten')).toHaveCount(0);
    await auditor.close();
  });
});

async function askFor(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByLabel('The request or the order').fill(reason);
  await page.getByRole('button', { name: 'Erase for good' }).click();
}
