import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectPasswordFaults, withoutLimits } from '../bad-input.ts';
import { invitationLink, typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

test('a forgotten password is changed by a mailed link, and the answer is the same for every address', async ({
  signet,
  page,
  browser,
}) => {
  const email = `paul-${randomBytes(3).toString('hex')}@${signet.organizationDomain}`;
  await signet.api.call(routes.inviteMember, { body: { email, role: 'helpdesk' } });
  await page.goto(await invitationLink(signet, email));
  await choosePassword(page, 'a first password of his');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();

  const elsewhere = await browser.newPage();
  await elsewhere.goto(`${signet.portalUrl}/admin`);
  await elsewhere.getByRole('link', { name: 'Forgotten?' }).click();
  await expect(elsewhere.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  await expectScreen(elsewhere, 'admin-password-reset');
  for (const address of [`nobody@${signet.organizationDomain}`, email]) {
    await elsewhere.goto(`${signet.portalUrl}/admin/password-reset`);
    await elsewhere.getByLabel('Email').fill(address);
    await elsewhere.getByRole('button', { name: 'Send the link' }).click();
    await expect(elsewhere.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
  }
  await expectScreen(elsewhere, 'admin-password-reset-sent');
  const line = /^https?:\/\/\S+\/admin\/password-reset\/\S+$/m;
  const mail = await signet.mailbox.waitFor(
    'password reset',
    (each) => each.to.some(({ address }) => address === email) && line.test(each.text),
  );
  const link = line.exec(mail.text)?.[0] ?? '';
  await elsewhere.goto(link);
  await expectScreen(elsewhere, 'admin-password-reset-link');
  await withoutLimits(elsewhere);
  await expectPasswordFaults(elsewhere, 'Change password');
  await expectScreen(elsewhere, 'admin-password-reset-link-refused');
  await choosePassword(elsewhere, 'another password of his');
  await elsewhere.getByRole('button', { name: 'Change password' }).click();
  await expect(elsewhere.getByRole('heading', { name: 'Your password is changed' })).toBeVisible();
  await expectScreen(elsewhere, 'admin-password-reset-done');
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole('heading', { name: 'This link is no longer good' })).toBeVisible();
  await expectScreen(elsewhere, 'admin-password-reset-void');
  await page.reload();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await typePassword(page, { email, password: 'another password of his' });
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again').fill(password);
}
