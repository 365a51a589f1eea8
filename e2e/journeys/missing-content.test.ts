import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { runStatement } from '../database.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

test('messages whose content is missing are shown, and leave the list at the press of a button once it is back', async ({
  signet,
  page,
}) => {
  const mark = randomBytes(3).toString('hex');
  const [back, lost] = [`Back ${mark}`, `Lost ${mark}`];
  for (const subject of [back, lost]) {
    await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: 'bob@example.net', subject, text: 'Hello.' });
  }
  await runStatement(signet, 'update message set content_missing_since = clock_timestamp() where subject = any($1)', [[back, lost]]);
  // Longer than what is stored: as good as gone.
  await runStatement(signet, 'update message set blob_length = blob_length + 1 where subject = $1', [lost]);

  await page.goto(`${signet.portalUrl}/admin/deliveries`);
  await typePassword(page, signet.admin);
  const missing = page.getByRole('region', { name: 'Content missing' });
  const look = missing.getByRole('button', { name: 'Look again' });
  await expect(missing.getByRole('listitem')).toHaveCount(2);
  await look.click();
  await expect(missing.getByText('The content of 1 message is there again. 1 is still missing.')).toBeVisible();
  await expect(missing.getByRole('listitem')).toHaveText([new RegExp(lost)]);
  await expectScreen(page, 'admin-deliveries-missing');

  await runStatement(signet, 'update message set blob_length = blob_length - 1 where subject = $1', [lost]);
  await look.click();
  await expect(missing).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1, name: 'Deliveries' })).toBeVisible();
});
