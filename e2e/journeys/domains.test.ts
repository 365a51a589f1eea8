import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signetCommand } from '../command-line.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

test('an admin adds a domain, proves it by the DNS, has its mails signed, and removes it; what stands against each step is said', async ({
  signet,
  page,
}) => {
  const domain = `d${randomBytes(3).toString('hex')}.example`;
  const mail = { from: `ann@${domain}`, to: 'bob@example.net', subject: 'From a new domain', text: 'Dear Bob.' };
  const section = page.getByRole('region', { name: 'Domains' });
  const press = (name: string | RegExp) => section.getByRole('button', { name }).click();

  await test.step('a domain that is none is refused at the box, which keeps what was typed', async () => {
    await page.goto(`${signet.portalUrl}/admin/access`);
    await typePassword(page, signet.admin);
    await expect(page).toHaveURL(`${signet.portalUrl}/admin/access`);
    await press('Add a domain');
    const box = page.getByLabel('Domain', { exact: true });
    await box.fill('no domain');
    await page.getByRole('button', { name: 'Add domain' }).click();
    await expect(page.getByText('It must be a domain name in lower case')).toBeVisible();
    await expect(box).toHaveValue('no domain');
    await expectScreen(page, 'admin-domain-add', { fullPage: false });
    await box.fill(domain);
    await page.getByRole('button', { name: 'Add domain' }).click();
    await expect(row(page, domain)).toContainText('Not proved yet');
  });

  await test.step('until the DNS proves it, it sends nothing, and the page says what the DNS lacks', async () => {
    await press(`Look now ${domain}`);
    await expect(section.getByText(`_signet.${domain} has no TXT record. A new one can take hours to be seen.`)).toBeVisible();
    await expect(sendMail(signet, mail)).rejects.toThrow('550');
    await expectScreen(page, 'admin-domain-unproved');
    const { items } = await signet.api.call(routes.listDomains);
    const challenge = items.find((each) => each.domain === domain)?.challenge;
    signet.dns.set(challenge?.name ?? '', challenge?.value ?? '');
    await press(`Look now ${domain}`);
    await expect(section.getByText(`${domain} is proved: its addresses may send.`)).toBeVisible();
    await expect(row(page, domain)).toContainText('Proved');
    expect(await sendMail(signet, mail)).toMatch(/^250 /);
  });

  await test.step('a key signs once the DNS has it; the next mail of the domain carries its signature', async () => {
    await press(`Make a signing key ${domain}`);
    await expect(row(page, domain).getByText('Signing key signet-')).toBeVisible();
    await row(page, domain)
      .getByRole('button', { name: /^Sign with it/ })
      .click();
    await expect(row(page, domain).getByText('has no TXT record')).toBeVisible();
    const { items } = await signet.api.call(routes.listDomains);
    const record = items.find((each) => each.domain === domain)?.dkimKeys[0]?.record;
    signet.dns.set(record?.name ?? '', record?.value ?? '');
    await row(page, domain)
      .getByRole('button', { name: /^Sign with it/ })
      .click();
    await expect(row(page, domain).getByText('Mails of this domain are signed (DKIM).')).toBeVisible();
    await expectScreen(page, 'admin-domain-signed');
    expect((await signetCommand(signet, ['domain', 'list'])).stdout).toMatch(new RegExp(`${domain} .+ signet-[0-9a-f]{8}`));
  });

  await test.step('removed, it sends no more', async () => {
    await press(`Remove ${domain}`);
    await expect(page.getByRole('dialog')).toContainText(`Addresses of ${domain} cannot send any more`);
    await expectScreen(page, 'admin-domain-removal', { fullPage: false });
    await page.getByRole('button', { name: 'Remove domain' }).click();
    // While a dialog is open nothing beside it is there for whoever cannot see.
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(row(page, domain)).toHaveCount(0);
    await expect(page.getByText(`${domain} was removed.`)).toBeFocused();
    await expect(sendMail(signet, mail)).rejects.toThrow('550');
  });

  await test.step('the last domain stays, and the dialog says why', async () => {
    await press(`Remove ${signet.organizationDomain}`);
    await page.getByRole('button', { name: 'Remove domain' }).click();
    await expect(page.getByRole('dialog').getByText(/It is the only domain|Bounces come back to it/)).toBeVisible();
    await page.getByRole('dialog').getByText('Close').first().click();
    await expect(page.getByRole('button', { name: `Remove ${signet.organizationDomain}` })).toBeFocused();
  });
});

test('an admin trusts a mail system by its network; what is wrong is said at its box, and nothing typed is lost', async ({
  signet,
  page,
}) => {
  const section = page.getByRole('region', { name: 'Trusted mail systems' });
  await page.goto(`${signet.portalUrl}/admin/access`);
  await typePassword(page, signet.admin);
  await section.getByRole('button').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Exchange');
  await dialog.locator('#trust-value').fill('192.0.2.1/24');
  await dialog.locator('button[type=submit]').click();
  await expect(dialog.getByText(/for the network say 192|It is an address within a network/)).toBeVisible();
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Exchange');
  await expectScreen(page, 'admin-trust-refused', { fullPage: false });
  await dialog.locator('#trust-value').fill('192.0.2.0/24');
  await dialog.locator('button[type=submit]').click();
  await expect(section.getByRole('row').filter({ hasText: '192.0.2.0/24' })).toBeVisible();
  await expectScreen(page, 'admin-access-trust');
  await section.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').locator('button[type=submit]').click();
  await expect(section.getByRole('button', { name: /^Revoke/ })).toHaveCount(0);
});

/** What the list says of a domain. */
function row(page: Page, domain: string) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: domain }) });
}
