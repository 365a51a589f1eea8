import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { runStatement } from '../database.ts';
import { joinAs, typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';

const mark = randomBytes(3).toString('hex');
const reason = `Case ${mark}: Acme against Globex`;

test('a message is held from its page, a policy is set only after what falls under it was said, and the release says what it takes', async ({
  signet,
  browser,
  page,
}) => {
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const held = await readMessage(signet, browser, `Held ${mark}`);
  const free = await readMessage(signet, browser, `Free ${mark}`);
  const officer = await joinAs('compliance', signet, browser);

  await test.step('where nothing is on hold the list says so', async () => {
    await officer.goto(admin('holds'));
    await expect(officer.getByText('Nothing is on hold.')).toBeVisible();
    await expectScreen(officer, 'admin-holds-none');
  });

  await test.step('a compliance officer holds a message on its page, which says so from then on, and so does its timeline', async () => {
    await officer.goto(admin(`messages/${held}`));
    await officer.getByRole('button', { name: 'Hold', exact: true }).click();
    const dialog = officer.getByRole('dialog', { name: 'Place this message on hold?' });
    await dialog.getByRole('button', { name: 'Place the hold' }).click();
    await expect(dialog.getByText('Say why, in 1 to 1,000 characters.')).toBeVisible();
    await dialog.getByLabel('Case and reason').fill(reason);
    await expectScreen(officer, 'admin-message-hold', { fullPage: false });
    await dialog.getByRole('button', { name: 'Place the hold' }).click();
    await expect(officer.getByText('The message is on hold.', { exact: true })).toBeFocused();
    await expect(officer.getByText(`Its steps and its content are kept: ${reason}`)).toBeVisible();
    await officer.reload();
    await expect(officer.getByRole('heading', { name: 'On legal hold' })).toBeVisible();
    await expect(async () => {
      await officer.reload();
      await expect(officer.getByRole('region', { name: 'Timeline' })).toContainText(reason, { timeout: 1_000 });
    }).toPass();
    await expectScreen(officer, 'admin-message-held');
  });

  await test.step('an address is held for some days; what is typed wrongly is said at its box', async () => {
    await officer.getByRole('link', { name: /^See the hold/ }).click();
    await expect(officer.getByRole('heading', { level: 1 })).toHaveText('Legal holds');
    await expect(officer.getByRole('listitem').filter({ hasText: reason })).toContainText('Holding');
    await officer.getByRole('button', { name: 'Place a hold' }).click();
    const dialog = officer.getByRole('dialog', { name: 'Place a legal hold' });
    await dialog.getByLabel('All mail from or to an address').check();
    await dialog.getByRole('textbox', { name: 'Address' }).fill('bob');
    await dialog.getByLabel('From (optional)').fill('2026-01-01');
    await dialog.getByLabel('To, included (optional)').fill('2025-12-31');
    await dialog.getByLabel('Case and reason').fill(`Audit ${mark}`);
    await dialog.getByRole('button', { name: 'Place the hold' }).click();
    await expect(dialog.getByText('not before the first one')).toBeVisible();
    await dialog.getByLabel('To, included (optional)').fill('2026-01-31');
    await dialog.getByRole('button', { name: 'Place the hold' }).click();
    await expect(dialog.getByText('One mail address')).toBeVisible();
    await expectScreen(officer, 'admin-holds-new', { fullPage: false });
    await dialog.getByRole('textbox', { name: 'Address' }).fill('bob@example.net');
    await dialog.getByRole('button', { name: 'Place the hold' }).click();
    await expect(officer.getByText('The hold is placed.', { exact: true })).toBeFocused();
    const row = officer.getByRole('listitem').filter({ hasText: `Audit ${mark}` });
    await expect(row).toContainText('All mail of bob@example.net');
    await row.getByRole('button', { name: /^Change reason/ }).click();
    await officer.getByLabel('Case and reason').fill(`Tax audit ${mark}`);
    await officer.getByRole('button', { name: 'Change', exact: true }).click();
    await expect(officer.getByRole('listitem').filter({ hasText: `Tax audit ${mark}` })).toBeVisible();
    await expectScreen(officer, 'admin-holds');
  });

  await age(signet, [held, free], '-');
  try {
    await test.step('an admin types a policy, sees how many entries fall under it and what stays, and only then sets it', async () => {
      await page.goto(admin('retention'));
      await typePassword(page, signet.admin);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Retention');
      // Once the worker has looked, somebody is there who carries a policy out.
      await expect(async () => {
        await page.reload();
        await expect(page.getByRole('button', { name: 'See what falls under it' })).toBeVisible({ timeout: 2_000 });
      }).toPass();
      await page.getByLabel('Remove them after some days').check();
      await page.getByLabel('Days', { exact: true }).fill('3');
      await page.getByRole('button', { name: 'See what falls under it' }).click();
      await expect(page.getByText('A whole number from 7 to 36,500.')).toBeVisible();
      await page.getByLabel('Days', { exact: true }).fill('365');
      await page.getByRole('button', { name: 'Add a step' }).click();
      await page.getByLabel('Step', { exact: true }).selectOption('Message revoked');
      await page.getByLabel('Kept', { exact: true }).selectOption('for ever');
      await expectScreen(page, 'admin-retention-typed');
      await page.getByRole('button', { name: 'See what falls under it' }).click();
      const dialog = page.getByRole('dialog', { name: 'Set this policy?' });
      await expect(dialog).toContainText(/\d+ entries fall under the new policy and are removed within minutes/);
      await expect(dialog).toContainText(/\d+ more are as old, and stay: legal holds keep them\./);
      await expect(dialog).toContainText('Message opened: 1 removed, 1 held');
      await expect(dialog).toContainText('This cannot be undone.');
      await expectScreen(page, 'admin-retention-forecast', { fullPage: false });
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect(await signet.api.call(routes.getRetention)).toMatchObject({ days: null, operations: {} });
      await page.getByRole('button', { name: 'See what falls under it' }).click();
      await dialog.getByRole('button', { name: 'Set the policy and remove them' }).click();
      await expect(page.getByText('The policy is in force.')).toBeVisible();
      expect(await signet.api.call(routes.getRetention)).toMatchObject({ days: 365, operations: { MessageRevoke: null } });
      await expect(page.getByRole('region', { name: 'As it is' })).toContainText('365 days after what they tell of');
      await expect(page.getByRole('region', { name: 'As it is' })).toContainText(/\d+ entries whose time is over/);
      await expectScreen(page, 'admin-retention');
    });

    await test.step('a release says what it would take, asks why, and stays in the list', async () => {
      await officer.reload();
      const row = officer.getByRole('listitem').filter({ hasText: reason });
      await row.getByRole('button', { name: /^Release/ }).click();
      const dialog = officer.getByRole('dialog', { name: 'Release this hold?' });
      await expect(dialog).toContainText(/\d+ entries of the audit trail that it alone keeps are removed within minutes/);
      await dialog.getByLabel('Why it is released').fill('Settled');
      await expectScreen(officer, 'admin-holds-release', { fullPage: false });
      await dialog.getByRole('button', { name: 'Release' }).click();
      await expect(officer.getByText('The hold is released.', { exact: true })).toBeFocused();
      await expect(row).toHaveCount(0);
      await officer.getByRole('link', { name: 'Released', exact: true }).click();
      await expect(row).toContainText('Settled');
      await expectScreen(officer, 'admin-holds-released');
    });

    await test.step('keeping everything for ever is asked about too, and takes nothing', async () => {
      await page.getByLabel('Keep them for ever').check();
      await page.getByRole('button', { name: /^Remove/ }).click();
      await page.getByRole('button', { name: 'See what falls under it' }).click();
      await page.getByRole('dialog', { name: 'Keep everything for ever?' }).getByRole('button', { name: 'Keep for ever' }).click();
      await expect(page.getByText('The policy is in force.')).toBeVisible();
      await page.getByRole('link', { name: 'Changes of the policy' }).click();
      await expect(page.getByRole('table')).toContainText('Retention changed');
    });
  } finally {
    await signet.api.call(routes.setRetention, { body: { days: null, operations: {} } });
    await age(signet, [held, free], '+');
  }

  await test.step('the timeline of a message says what of it is removed, where it was', async () => {
    await noteRemoved(signet, free);
    await officer.goto(admin(`messages/${free}`));
    await expect(officer.getByRole('region', { name: 'Timeline' })).toContainText(
      /12 steps of .* are no longer on record: retention or an erasure by law has removed them/,
    );
    await expectScreen(officer, 'admin-message-removed');
    await forgetRemoved(signet, free);
    await expectNothingHeld(officer, admin(`messages/${held}`));
  });

  await test.step('a place in the address that is none says so', async () => {
    await officer.goto(admin('holds?cursor=nonsense'));
    await expect(officer.getByText('This address leads to no place in the list.')).toBeVisible();
  });

  const { items } = await signet.api.call(routes.listLegalHolds, { query: { state: 'holding' } });
  for (const { id } of items) await signet.api.call(routes.releaseLegalHold, { params: { id }, body: { reason: 'end of the test' } });
  await officer.close();
});

/** The hold by address is of other days, so it says that it keeps no content of what was accepted now: it is not there at all. */
async function expectNothingHeld(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'On legal hold' })).toHaveCount(0);
}

/**
 * Makes what is recorded of messages older than any policy wants it, or takes that back, to the row: what was recorded meanwhile stays as it
 * is, so that the log tells of nothing else.
 */
async function age(signet: Signet, messages: readonly string[], sign: '-' | '+'): Promise<void> {
  const moved = (column: string) => `${column} = ${column} ${sign} interval '800 days'`;
  const which = `recorded_at ${sign === '-' ? '>' : '<'} now() - interval '400 days'`;
  const statement = `update audit_entry set ${moved('creation_time')}, ${moved('recorded_at')} where message_uid = any($1::uuid[]) and ${which}`;
  await runStatement(signet, statement, [messages]);
}

/** As retention does when it removes steps of a message. */
async function noteRemoved(signet: Signet, message: string): Promise<void> {
  await runStatement(
    signet,
    `insert into audit_removed_count (organization_id, message_uid, entries, content_entries, oldest, newest)
     select organization_id, id, 12, 3, accepted_at, accepted_at + interval '1 millisecond' from message where id = $1`,
    [message],
  );
}

async function forgetRemoved(signet: Signet, message: string): Promise<void> {
  await runStatement(signet, 'delete from audit_removed_count where message_uid = $1', [message]);
}
