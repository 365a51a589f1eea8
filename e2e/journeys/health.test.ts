import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signetCommand } from '../command-line.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

test('an admin sees how everything is that Signet needs and what to mend; signet doctor says the same, and fails where something does not work', async ({
  signet,
  page,
}) => {
  const domain = signet.organizationDomain;
  signet.dns.set(domain, 'v=spf1 include:spf.example.org -all');
  signet.dns.set(`_dmarc.${domain}`, 'v=DMARC1; p=none');
  await page.goto(`${signet.portalUrl}/admin/health`);
  await page.getByLabel('Email').fill(signet.admin.email);
  await page.getByLabel('Password').fill(signet.admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  for (const name of ['Database', 'Clock', 'Keys', 'Queue and worker', 'Gateway', 'Next mail server', 'SPF', 'DMARC']) {
    await expect(row(name), name).toContainText('Good');
  }
  await expect(row('DKIM')).toContainText(`Make a key for ${domain} under Access`);
  await expectScreen(page, 'admin-health');

  signet.dns.set(domain, 'v=spf1 +all');
  await page.reload();
  await expect(row('SPF')).toContainText('now everybody may send');
  await expect(page.getByText('Something does not work.')).toBeVisible();
  await expectScreen(page, 'admin-health-fault');

  const told = await signetCommand(signet, ['doctor']);
  expect(told).toMatchObject({ code: 1, stdout: expect.stringMatching(/fault +spf +/), stderr: 'signet: Something does not work.\n' });
  const report = JSON.parse((await signetCommand(signet, ['doctor', '--json'])).stdout) as { status: string };
  expect(report.status).toBe('fault');
  expect((await signet.api.call(routes.getHealthReport)).checks.map(({ name }) => name)).toContain('ptr');
  signet.dns.delete(domain);
  signet.dns.delete(`_dmarc.${domain}`);
});
