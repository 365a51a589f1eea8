import { routes } from '@signet/api-contract/routes';
import { expect } from '@playwright/test';
import { signetCommand } from '../command-line.ts';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

test('an organization has less recorded of readers and subjects, and the recipient sees all the same; its limits are its own', async ({
  page,
  signet,
  browser,
}) => {
  await page.goto(`${signet.portalUrl}/admin/settings`);
  await typePassword(page, signet.admin);
  const privacy = page.getByRole('region', { name: 'Privacy' });
  const limits = page.getByRole('region', { name: 'Limits' });

  await test.step('an admin chooses how much is recorded, and reads what each choice costs', async () => {
    await privacy.getByLabel('Network addresses of readers').selectOption('The network only');
    await expect(privacy.getByText('cannot tell two devices of one network apart')).toBeVisible();
    await privacy.getByLabel('Programs of readers').selectOption('Name, major version and system');
    await privacy.getByLabel('Subjects of messages').selectOption('Nothing');
    await expect(privacy.getByText('Recipients, and the mails they get, have the subject all the same.')).toBeVisible();
    await privacy.getByRole('button', { name: 'Save' }).click();
    await expect(privacy.getByText('Saved. Counts for what is recorded from now on.')).toBeVisible();
  });

  await test.step('an admin sets limits, and no larger ones than the installation has', async () => {
    await limits.getByLabel('Largest message, in MiB').fill('900');
    await limits.getByRole('button', { name: 'Save' }).click();
    await expect(limits.getByText('Enter a size from 0.07 up to what the installation takes')).toBeVisible();
    await limits.getByLabel('Largest message, in MiB').fill('12,5');
    await limits.getByLabel('Recipients of one message').fill('20');
    await limits.getByRole('button', { name: 'Save' }).click();
    await expect(limits.getByText('Saved. Counts for messages from now on.')).toBeVisible();
    await page.reload();
    await expect(limits.getByLabel('Recipients of one message')).toHaveValue('20');
    await expectScreen(page, 'admin-settings-privacy');
    expect(await signet.api.call(routes.getConfiguration)).toMatchObject({
      recordedClientIp: 'truncated',
      recordedUserAgent: 'truncated',
      recordedSubject: 'none',
      maxMessageBytes: 12.5 * 1024 * 1024,
      maxRecipients: 20,
    });
  });

  await test.step('the recipient has the whole subject in the mail and on the page, and the trail says what it does not have', async () => {
    const id = await readMessage(signet, browser, 'Merger of Alpha and Beta');
    await page.goto(`${signet.portalUrl}/admin/messages/${id}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('(subject not recorded: privacy policy)');
    const timeline = page.getByRole('region', { name: 'Timeline' });
    await expect(async () => {
      await page.reload();
      await expect(
        timeline.getByText(/^Network \S+\/(24|48) · Chrome \d+ on Linux \(shortened\) · Subject not recorded/).first(),
      ).toBeVisible();
    }).toPass({ timeout: 60_000 });
    await expect(page.getByText('Merger of Alpha')).toHaveCount(0);
    await expectScreen(page, 'admin-message-privacy');
  });

  await test.step('the command line sets the same', async () => {
    const set = await signetCommand(signet, ['configuration', 'set', 'recordedSubject=hash', 'maxMessageBytes=null', 'maxRecipients=1000']);
    expect(set.stdout).toMatch(/recordedSubject\s+: hash/);
    await readMessage(signet, browser, 'Merger of Gamma and Delta');
    await page.goto(`${signet.portalUrl}/admin/messages`);
    await expect(page.getByRole('link', { name: /^\(subject recorded as a hash\) [\w-]{8}$/ })).toBeVisible();
  });
  const full = { recordedClientIp: 'full', recordedUserAgent: 'full', recordedSubject: 'full' } as const;
  await signet.api.call(routes.changeConfiguration, { body: full });
});
