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

test('each list of the deliveries page is turned to its end and back, and a damaged or outlived place in the address is said to be one', async ({
  signet,
  page,
}) => {
  const subject = `Turned ${randomBytes(3).toString('hex')}`;
  // The lists of the other organization: mail that other journeys sent may still be on its way in the first one's.
  const { other } = signet;
  await page.goto(`${signet.portalUrl}/admin/deliveries`);
  await typePassword(page, other.admin);
  await expect(page.getByText(/Nothing was given up|Nothing waits/)).toHaveCount(2);
  await sendMail(other, { from: `alice@${other.organizationDomain}`, to: 'bob@example.net', subject, text: 'Hello.' });
  // As if the next mail server had refused the mail with the link, 51 times for good and 51 times for now.
  const trouble = `insert into outbox (organization_id, kind, payload, message_uid, event_time, attempts, last_error, dead_at, next_attempt_at)
    select r.organization_id, 'send-wrapper-mail', jsonb_build_object('recipientId', r.id), m.id, clock_timestamp(), 7,
      '451 4.7.1 Greylisted, try again later', case when n <= 51 then clock_timestamp() end, clock_timestamp() + interval '1 day'
    from message m join recipient r on r.message_uid = m.id, generate_series(1, 102) n where m.subject = $1`;
  expect(await runStatement(signet, trouble, [subject])).toBe(102);
  await page.reload();
  const list = (name: string) => page.getByRole('region', { name });
  for (const name of ['Given up', 'Being tried']) {
    await expect(list(name).getByRole('listitem')).toHaveCount(50);
    await list(name).getByRole('link', { name: 'Older' }).click();
    await expect(list(name).getByRole('listitem')).toHaveCount(1);
    await expect(list(name).getByRole('link', { name: 'Older' })).toHaveCount(0);
  }
  // The one list was left where it was when the other was turned.
  await expect(list('Given up').getByRole('listitem')).toHaveCount(1);
  await expectScreen(page, 'admin-deliveries-older');
  await runStatement(signet, 'delete from outbox where message_uid = (select id from message where subject = $1)', [subject]);
  await page.reload();
  for (const name of ['Given up', 'Being tried']) {
    await expect(list(name).getByText('Nothing is left from here on')).toBeVisible();
    await list(name).getByRole('link', { name: 'Newest' }).click();
    await expect(list(name).getByText(/Nothing was given up|Nothing waits/)).toBeVisible();
  }
  await page.goto(`${signet.portalUrl}/admin/deliveries?dead=${'x'.repeat(3000)}&retrying=%00&missing=nowhere`);
  await expect(page.getByText('The address of this page is damaged.')).toHaveCount(3);
  await expectScreen(page, 'admin-deliveries-damaged');
});
