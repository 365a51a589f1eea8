import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { runStatement } from '../database.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

test('tracking that is switched off is an alert that is seen on the dashboard, acknowledged by name, and over when tracking is on again', async ({
  signet,
  page,
}) => {
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const switchTracking = (enablePortalTrackingLogs: boolean) =>
    signet.api.call(routes.changeConfiguration, { body: { enablePortalTrackingLogs } });
  await runStatement(signet, 'delete from alert', []);

  await test.step('where nothing needs attention the page says so', async () => {
    await page.goto(admin('alerts'));
    await typePassword(page, signet.admin);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alerts');
    await expect(page.getByText('Nothing needs attention.')).toBeVisible();
    await expectScreen(page, 'admin-alerts-none');
  });

  await switchTracking(false);
  try {
    await test.step('the dashboard leads to it', async () => {
      await page.goto(admin('dashboard'));
      await page.getByRole('link', { name: /open alert.* nobody has acknowledged/ }).click();
      await expect(page.getByRole('listitem').filter({ hasText: 'Tracking is switched off' })).toBeVisible();
      await expectScreen(page, 'admin-alerts');
    });

    await test.step('one kind alone is shown by its name, and where there is none of it the page says of which', async () => {
      await page.getByText('Filters', { exact: true }).click();
      await page.getByLabel('Kind').selectOption({ label: 'Tracking is switched off' });
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await expect(page).toHaveURL(/\/admin\/alerts\?kind=trackingOff$/);
      await expect(
        page.getByRole('listitem').filter({ hasText: 'If it should be on, an admin switches it on in the settings.' }),
      ).toBeVisible();
      await expectScreen(page, 'admin-alerts-kind');
      await page.getByLabel('Kind').selectOption({ label: 'A webhook is stuck' });
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await expect(page.getByText('No alert “A webhook is stuck” is open.')).toBeVisible();
      await expectScreen(page, 'admin-alerts-kind-none');
      await page.getByRole('link', { name: 'All', exact: true }).click();
      await expect(page.getByText('There was no alert “A webhook is stuck” in the last 400 days.')).toBeVisible();
      await page.getByRole('link', { name: 'Remove filters' }).click();
      await expect(page).toHaveURL(/\/admin\/alerts\?state=all$/);
      await page.goto(admin('alerts'));
    });

    await test.step('whoever acknowledges it is named, and it stays open', async () => {
      const row = page.getByRole('listitem').filter({ hasText: 'Tracking is switched off' });
      await row.getByRole('button', { name: /^Acknowledge/ }).click();
      await expect(row).toContainText(`Acknowledged by ${signet.admin.email}`);
      await expect(row).toContainText('Open, seen');
      await expect(row.getByRole('button')).toHaveCount(0);
      await page.goto(admin('dashboard'));
      await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
      await expect(page.getByRole('link', { name: /nobody has acknowledged/ })).toHaveCount(0);
    });
  } finally {
    await switchTracking(true);
  }

  await test.step('it is over, and only there where what is over is asked for', async () => {
    await page.goto(admin('alerts'));
    await expect(page.getByText('Nothing needs attention.')).toBeVisible();
    await page.getByRole('link', { name: 'Over', exact: true }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Tracking is switched off' })).toContainText('over since');
    await expectScreen(page, 'admin-alerts-over');
  });

  await test.step('a place in the address that is none says so', async () => {
    for (const query of ['cursor=nonsense', 'kind=fire']) {
      await page.goto(admin(`alerts?${query}`));
      await expect(page.getByText('This address leads to no place in the list.')).toBeVisible();
    }
  });

  await test.step('that somebody acknowledged it is on record', async () => {
    await page.goto(admin('records?action=AlertAcknowledge'));
    await expect(page.getByRole('table')).toContainText('Alert acknowledged');
  });
});
