import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { typePassword } from '../member.ts';
import { expectMail, expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

test('an organization writes in two languages, and a recipient reads in their own, from right to left', async ({
  page,
  signet,
  browser,
}) => {
  const send = (subject: string) =>
    sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: 'layla@example.net', subject, text: 'Hello' });
  const wrapper = (subject: string) => signet.mailbox.waitFor(`wrapper of ${subject}`, (mail) => mail.subject === subject);

  await test.step('an admin chooses the languages', async () => {
    await page.goto(`${signet.portalUrl}/admin/settings`);
    await typePassword(page, signet.admin);
    const section = page.getByRole('region', { name: 'Languages' });
    await section.getByLabel('Language of mails').selectOption('Arabic (ar)');
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByText('Saved. Counts for mails sent from now on')).toBeVisible();
    await send('One language');
    await expectMail(await browser.newPage(), (await wrapper('One language')).html ?? '', 'mail-arabic');
    await section.getByLabel('Language of mails').selectOption('English (en)');
    await section.getByLabel('Second language').selectOption('Arabic (ar)');
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByText('Saved. Counts for mails sent from now on')).toBeVisible();
    await page.reload();
    await expect(section.getByLabel('Second language')).toHaveValue('ar');
    expect((await signet.api.call(routes.getConfiguration)).mailLanguages).toEqual(['en', 'ar']);
  });

  await send('Two languages');
  const mail = await wrapper('Two languages');
  const reference = /Reference ([\dA-F-]{14})\./.exec(mail.text)?.[1] ?? '';

  await test.step('the mail says everything twice, and shows its reference', async () => {
    expect(mail.text).toContain('Read the message / قراءة الرسالة');
    expect(mail.text).toContain(`المرجع ${reference}`);
    await expectMail(await browser.newPage(), mail.html ?? '', 'mail-two-languages');
  });

  await test.step('the recipient’s pages and passcode are in their language', async () => {
    const arabic = await browser.newContext({ locale: 'ar-EG' });
    const reader = await arabic.newPage();
    await reader.goto(`${signet.portalUrl}/`);
    await expect(reader.locator('html')).toHaveAttribute('dir', 'rtl');
    await reader.goto(await signet.mailbox.wrapperLink('layla@example.net', 'Two languages'));
    await expect(reader.getByRole('heading', { level: 1 })).toContainText('إليك رسالة مشفّرة');
    await expectScreen(reader, 'recipient-before-sign-in-arabic');
    await reader.getByRole('button', { name: 'الحصول على رمز مرور لمرة واحدة' }).click();
    const box = reader.getByLabel('رمز المرور', { exact: true });
    await box.fill('00000000');
    await reader.getByRole('button', { name: 'فتح الرسالة' }).click();
    await expect(reader.getByText('هذا الرمز غير صحيح. بقيت 4 محاولات.')).toBeVisible();
    await expectScreen(reader, 'recipient-passcode-arabic');
    const shown = /\b[A-Z0-9]{4}-[A-Z0-9]{2}\b/.exec(await reader.locator('main').innerText())?.[0] ?? '';
    const passcode = await signet.mailbox.waitFor('passcode', ({ subject }) => subject.includes(shown));
    expect(passcode.subject).toContain('هو رمز المرور الخاص بك');
    await box.fill(passcode.subject.slice(0, 8));
    await reader.getByRole('button', { name: 'فتح الرسالة' }).click();
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Two languages');
    await expect(reader.getByRole('button', { name: 'تسجيل الخروج' })).toBeVisible();
    await expect(reader.frameLocator('iframe').getByText('Hello')).toBeVisible();
    await expectScreen(reader, 'recipient-message-arabic');
    const gone = await reader.goto(`${signet.portalUrl}/m/gone`);
    expect(gone?.status()).toBe(404);
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('غير متاحة');
    await arabic.close();
  });

  await test.step('whoever is asked for the reference finds the message by it', async () => {
    await page.goto(`${signet.portalUrl}/admin/messages`);
    await page.getByRole('searchbox').fill(reference);
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(page.getByText('1 message', { exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Two languages' })).toBeVisible();
  });
  await signet.api.call(routes.changeConfiguration, { body: { mailLanguages: ['en'] } });
});
