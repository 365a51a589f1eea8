import { expect } from '@playwright/test';
import { runStatement } from '../database.ts';
import { ageSessions, typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

test('a member’s session does not end without a warning that one press answers, and its end leads back to where one was', async ({
  signet,
  page,
}) => {
  await test.step('before a session ends, its member is told, and goes on with one press; nothing typed is lost', async () => {
    await page.clock.install();
    await page.goto(`${signet.portalUrl}/admin/account`);
    await typePassword(page, signet.admin);
    await page.getByRole('button', { name: 'Change password' }).click();
    const typed = page.getByLabel('New password', { exact: true });
    await typed.fill('half a password');
    // The browser's clock goes on by itself; the session's age is the database's to tell.
    await ageSessions(signet, signet.admin.email, 'last_seen_at', '56 minutes');
    await page.clock.fastForward('56:00');
    const warning = page.getByRole('dialog', { name: 'Are you still there?' });
    await expect(warning.getByRole('timer')).toHaveText(/[34]:\d\d/);
    await expect(warning.getByRole('button', { name: 'Stay signed in' }).first()).toBeFocused();
    await expectScreen(page, 'admin-session-ending', { fullPage: false });
    await warning.getByRole('button', { name: 'Stay signed in' }).first().click();
    await expect(warning).toBeHidden();
    await expect(typed).toHaveValue('half a password');
    await expect(typed).toBeFocused();
    const seen = `update member_session set last_seen_at = last_seen_at
      where member_id = (select id from member where email = $1) and last_seen_at > now() - interval '5 minutes'`;
    expect(await runStatement(signet, seen, [signet.admin.email])).toBe(1);
  });

  await test.step('what another tab does counts too: it asks before it warns', async () => {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.method()));
    await page.clock.fastForward('56:00');
    await expect.poll(() => requests).toContain('POST');
    await expect(page.getByRole('dialog', { name: 'Are you still there?' })).toBeHidden();
    await expect(page.getByLabel('New password', { exact: true })).toHaveValue('half a password');
  });

  await test.step('once it has ended, the page gives way to the sign-in, which says why and leads back', async () => {
    await ageSessions(signet, signet.admin.email, 'last_seen_at', '61 minutes');
    // An answer may still be on its way, and only then does the page wait for the next hour.
    await expect(async () => {
      await page.clock.fastForward('01:01:00');
      await expect(page).toHaveURL(`${signet.portalUrl}/admin?next=%2Fadmin%2Faccount&ended=idle`, { timeout: 10_000 });
    }).toPass();
    await expect(page.getByText('You were signed out: nothing was done here for 1 hour.')).toBeVisible();
    await expectScreen(page, 'admin-signed-out-idle');
    await typePassword(page, signet.admin);
    await expect(page).toHaveURL(`${signet.portalUrl}/admin/account`);
  });

  await test.step('the end that nothing puts off is told as well, and does not stand in the way', async () => {
    await ageSessions(signet, signet.admin.email, 'expires_at', '11 hours 56 minutes');
    await page.reload();
    const warning = page.getByRole('dialog', { name: 'You will soon be signed out' });
    await expect(warning.getByRole('timer')).toHaveText(/[34]:\d\d/);
    await expectScreen(page, 'admin-session-last', { fullPage: false });
    await warning.getByRole('button', { name: 'Go on until then' }).first().click();
    await expect(warning).toBeHidden();
    // It asks again, and what it asked must have been answered before there is another answer.
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.clock.fastForward('01:00');
    await answered;
    await expect(warning).toBeHidden();
    await ageSessions(signet, signet.admin.email, 'expires_at', '4 minutes');
    await expect(async () => {
      await page.clock.fastForward('05:00');
      await expect(page.getByText('You were signed out: you had been signed in for 12 hours')).toBeVisible({ timeout: 10_000 });
    }).toPass();
    await typePassword(page, signet.admin);
    await expect(page).toHaveURL(`${signet.portalUrl}/admin/account`);
  });
});
