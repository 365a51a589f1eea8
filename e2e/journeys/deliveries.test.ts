import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Chance } from '../kill/chance.ts';
import { NextHop } from '../kill/next-hop.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { freePorts, local, startSignet } from '../signet.ts';

test('while the next mail server is away mail is tried, then given up and shown with the reason; once it is back, one button sends it', async ({
  page,
}) => {
  const home = mkdtempSync(join(tmpdir(), 'signet-deliveries-'));
  const [port = 0] = await freePorts(1);
  const signet = await startSignet(home, { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_GIVE_UP_SECONDS: '1' });
  try {
    const account = local.parse(JSON.parse(readFileSync(join(home, 'local.json'), 'utf8')));
    for (const name of ['grace', 'heidi']) {
      const from = `alice@${account.organizationDomain}`;
      await sendMail(account, { from, to: `${name}@example.net`, subject: `Lost for ${name}`, text: 'Here it is.' });
    }
    await page.goto(`${account.portalUrl}/admin/deliveries`);
    await page.getByLabel('Email').fill(account.admin.email);
    await page.getByLabel('Password').fill(account.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Deliveries' })).toBeVisible();

    const dead = page.getByRole('region', { name: 'Given up' });
    await expect(async () => {
      await page.reload();
      await expect(dead.getByRole('listitem')).toHaveCount(3, { timeout: 500 });
    }).toPass({ timeout: 60_000 });
    const grace = dead.getByRole('listitem').filter({ hasText: 'grace@example.net' });
    await expect(grace).toContainText('ECONNREFUSED');
    await expect(grace).toContainText('2 attempts');
    await expectScreen(page, 'admin-deliveries');

    const nextHop = await NextHop.start(new Chance(1), port);
    const arrived = () => [...nextHop.wrappers.values()].map(({ to }) => to).toSorted();
    await grace.getByRole('button', { name: 'Try again' }).click();
    await expect(dead.getByRole('listitem')).toHaveCount(2);
    await expect.poll(arrived).toEqual(['grace@example.net']);
    await page.getByRole('button', { name: 'Try all again' }).click();
    await expect(dead.getByText('Nothing was given up.')).toBeVisible();
    await expect.poll(arrived).toEqual(['bob@example.net', 'grace@example.net', 'heidi@example.net']);
    expect([...nextHop.wrappers.values()].every(({ messageIds }) => messageIds.length === 1)).toBe(true);
    await page.reload();
    await expectScreen(page, 'admin-deliveries-none');
    await nextHop.stop();
  } finally {
    await signet.stop();
    rmSync(home, { recursive: true, force: true });
  }
});
