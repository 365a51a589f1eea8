import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

/** A PNG of one red pixel. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');

test('an admin makes a template, sees it drawn, gives it a logo, sends themselves a sample, and its mails and pages have its look', async ({
  page,
  signet,
  browser,
}) => {
  await page.goto(`${signet.portalUrl}/admin/templates`);
  await typePassword(page, signet.admin);
  const list = page.getByRole('region', { name: 'Templates' });
  await expect(list.getByRole('row').filter({ hasText: 'OME Configuration' })).toContainText('Not tracked');
  await expect(list.getByRole('row', { name: /^Acme Everything/ })).toBeVisible();
  await expectScreen(page, 'admin-templates');

  await page.getByRole('main').getByRole('link', { name: 'Acme', exact: true }).click();
  await page.getByRole('link', { name: 'Duplicate' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New template' })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('ACME');
  await page.getByRole('textbox', { name: 'Brand colour' }).fill('no colour');
  await expect(page.getByText('Write #RRGGBB or the name of a CSS colour.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Brand colour' }).fill('gold');
  await expect(page.getByText('Buttons are drawn in dark ink there')).toBeVisible();
  await page.getByLabel('Introduction').fill('writes to you from Acme Sales.');
  await expect(page.frameLocator('iframe[title="Wrapper mail"]').getByText('writes to you from Acme Sales.').last()).toBeVisible();
  await page.getByRole('button', { name: 'Make the template' }).click();
  await expect(page.getByText('another template has this name')).toBeVisible();
  await expect(page.getByLabel('Introduction')).toHaveValue('writes to you from Acme Sales.');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await expectScreen(page, 'admin-template-new');
  await page.getByLabel('Name', { exact: true }).fill('Acme Sales');
  await page.getByRole('button', { name: 'Make the template' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Acme Sales' })).toBeVisible();

  await page
    .getByLabel('Logo')
    .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
  await expect(page.getByText('SVG is refused, since it can hold scripts.')).toBeVisible();
  await page.getByLabel('Logo').setInputFiles({ name: 'logo.txt', mimeType: 'text/plain', buffer: pixel });
  await expect(page.getByText('The picture is saved.')).toBeVisible();
  await page.getByLabel('Add a language').fill('de');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('Text at the top of the pages').fill('Sichere Post von Acme');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved. Messages sent from now on')).toBeVisible();
  await page.getByLabel('The reader’s language').selectOption('de');
  await expect(page.frameLocator('iframe[title="Recipient’s page"]').getByText('Sichere Post von Acme')).toBeVisible();
  await page.getByRole('button', { name: 'Send me a test' }).click();
  await expect(page.getByText(`on its way to ${signet.admin.email}`)).toBeVisible();
  const sample = await signet.mailbox.waitFor('sample', ({ subject }) => subject.includes('Acme Sales'));
  expect(sample.text).toContain('writes to you from Acme Sales.');
  await page.reload();
  await expect(page.getByRole('region', { name: 'History' }).getByRole('listitem').first()).toContainText(signet.admin.email);
  await expect(page.frameLocator('iframe[title="Wrapper mail"]').getByText('writes to you from Acme Sales.').last()).toBeVisible();
  await expectScreen(page, 'admin-template');

  await sendMail(signet, {
    from: `alice@${signet.organizationDomain}`,
    to: 'branding@example.net',
    subject: 'In another look',
    text: 'Hello',
    headers: { 'X-Signet-Template': 'acme sales' },
  });
  const link = await signet.mailbox.wrapperLink('branding@example.net', 'In another look');
  const german = await browser.newContext({ locale: 'de-AT' });
  const reader = await german.newPage();
  await reader.goto(link);
  await expect(reader.getByText('Sichere Post von Acme')).toBeVisible();
  await expect(reader.getByRole('banner').getByRole('img', { name: 'Acme' })).toHaveJSProperty('naturalWidth', 1);
  await german.close();

  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('Messages sent with it keep their look');
  await expectScreen(page, 'admin-template-removal', { fullPage: false });
  // A rule that is made while the dialog is open keeps the template.
  const { id } = await signet.api.call(routes.createMailRule, {
    body: { name: 'Sales', conditions: [{ kind: 'always' }], actions: [{ kind: 'applyTemplate', templateName: 'Acme Sales' }] },
  });
  await page.getByRole('button', { name: 'Delete the template' }).click();
  await expect(page.getByRole('dialog').getByText('a mail rule that was made meanwhile applies this template')).toBeVisible();
  await expectScreen(page, 'admin-template-removal-refused', { fullPage: false });
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('Mail rules apply this template: “Sales”. Change or remove them first.');
  await expectScreen(page, 'admin-template-in-use', { fullPage: false });
  await signet.api.call(routes.removeMailRule, { params: { id } });
  await page.reload();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the template' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Acme Sales' })).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: 'Acme', exact: true }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('Everything gets Acme');
  await expect(page.getByRole('button', { name: 'Delete the template' })).toHaveCount(0);
});
