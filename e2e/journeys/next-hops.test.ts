import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectFault } from '../bad-input.ts';
import { signetCommand } from '../command-line.ts';
import { Chance } from '../kill/chance.ts';
import { NextHop } from '../kill/next-hop.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

/** Milliseconds within which a mail is tried again, and once more, where its next hop gave no answer the first time and was left alone. */
const RETRIED = 120_000;

test('an admin has the mail to a domain go to a mail server of the organization’s, changes it, and removes it', async ({
  signet,
  page,
}) => {
  const own = await NextHop.start(new Chance(1));
  const { port } = new URL(own.url);
  const domain = `d${randomBytes(3).toString('hex')}.example`;
  const from = `alice@${signet.organizationDomain}`;
  const send = (to: string, subject: string) => sendMail(signet, { from, to, subject, text: 'Dear Bob.' });
  const section = page.getByRole('region', { name: 'Next hops' });
  const dialog = page.getByRole('dialog');
  const box = (name: string) => dialog.getByLabel(name, { exact: true });
  const row = section.getByRole('row').filter({ hasText: domain });

  await test.step('where there is none the page says where mail goes; what is wrong is said at its box, and nothing typed is lost', async () => {
    await page.goto(`${signet.portalUrl}/admin/settings`);
    await typePassword(page, signet.admin);
    await expect(section.getByText('None. All mail goes to')).toBeVisible();
    await section.getByRole('button', { name: 'Add a next hop' }).click();
    await box('Recipients’ domain').fill(domain);
    await box('Host').fill('10.1.2.3');
    await box('Port').fill(port);
    await dialog.getByText('STARTTLS where it is offered').click();
    await box('User name').fill('acme');
    await box('Password').fill('canary-password');
    await dialog.getByRole('button', { name: 'Add next hop' }).click();
    await expect(dialog.getByText('It is in no network where a next hop may be')).toBeVisible();
    await expect(dialog.getByText('It must be implicit or required where somebody signs in')).toBeVisible();
    await expect(box('Password')).toHaveValue('canary-password');
    await expectScreen(page, 'admin-next-hop-refused', { fullPage: false });
    await box('Host').fill('127.0.0.1');
    await dialog.getByRole('button', { name: 'Add next hop' }).click();
    await expect(row).toContainText(`127.0.0.1, port ${port}`);
    await expect(section.getByText('Saved. Counts from the next mail on.')).toBeVisible();
    await expectScreen(page, 'admin-next-hops');
  });

  await test.step('mail to the domain arrives there, and all other mail where it did', async () => {
    await send(`bob@${domain}`, 'To the own hop');
    await send('bob@example.net', 'To the other hop');
    await expect
      .poll(() => [...own.wrappers.values()].map(({ to, subject }) => [to, subject]))
      .toEqual([[`bob@${domain}`, 'To the own hop']]);
    await signet.mailbox.wrapperLink('bob@example.net', 'To the other hop');
    const listed = (await signetCommand(signet, ['next-hop', 'list'])).stdout;
    expect(listed).toMatch(new RegExp(`${domain}.+127\\.0\\.0\\.1.+${port}.+opportunistic.+acme`));
  });

  await test.step('its password is kept and not shown, and asked for where mail would go elsewhere with it', async () => {
    await row.getByRole('button', { name: 'Change' }).click();
    await expect(box('Password')).toHaveValue('');
    await expect(dialog.getByText('Kept. Type a new one to change it')).toBeVisible();
    await expectScreen(page, 'admin-next-hop-change', { fullPage: false });
    await box('Host').fill('localhost');
    await dialog.getByRole('button', { name: 'Save' }).click();
    // What to know before typing says the same in other letters.
    await expectFault(box('Password'), '', /It is needed again where host, port or user name change\./);
    expect(await page.content()).not.toContain('canary-password');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step('one that leads back to the gateway makes no circle: the mail bounces', async () => {
    const { items } = await signet.api.call(routes.listNextHops);
    const id = items.find((hop) => hop.domain === domain)?.id ?? '';
    const { port: gateway, username, password } = signet.smtp;
    await signet.api.call(routes.changeNextHop, { params: { id }, body: { host: '127.0.0.1', port: gateway, username, password } });
    await send(`bob@${domain}`, 'Round and round');
    const fate = async () => {
      const found = await signet.api.call(routes.listMessages, { query: { subject: 'Round and round' } });
      const [message] = found.items;
      if (!message) return '';
      const { recipients } = await signet.api.call(routes.getMessage, { params: { message: message.id } });
      return `${recipients[0]?.deliveryState}: ${recipients[0]?.lastResponse}`;
    };
    // The sender of a wrapper is an address for bounces, which nobody may submit from: it is refused before its header is seen.
    await expect.poll(fate, { timeout: RETRIED }).toMatch(/^bounced: 550 5\.7\.1/);
  });

  await test.step('nor does a message that a rule lets pass: it comes back as a copy, which sends nothing new', async () => {
    const rule = await signet.api.call(routes.createMailRule, {
      body: {
        name: `Pass to ${domain}`,
        position: 0,
        conditions: [{ kind: 'recipientDomain', domains: [domain] }],
        actions: [{ kind: 'passThrough' }],
      },
    });
    await send(`bob@${domain}`, 'Round as it came');
    const state = async () => {
      const { items } = await signet.api.call(routes.listMessages, { query: { subject: 'Round as it came' } });
      return Promise.all(
        items.map(async ({ id }) => {
          const { recipients } = await signet.api.call(routes.getMessage, { params: { message: id } });
          return recipients.map(({ address, deliveryState, lastResponse }) => [address, deliveryState, lastResponse?.slice(0, 9)]);
        }),
      );
    };
    await expect.poll(state, { timeout: RETRIED }).toEqual([[[`bob@${domain}`, 'passed', '250 2.0.0']]]);
    await signet.api.call(routes.removeMailRule, { params: { id: rule.id } });
  });

  await test.step('removed, after a word on what that means, mail goes where all other goes', async () => {
    await page.reload();
    await row.getByRole('button', { name: 'Remove' }).click();
    await expect(dialog).toContainText('Its password is forgotten for good.');
    await expectScreen(page, 'admin-next-hop-removal', { fullPage: false });
    await dialog.getByRole('button', { name: 'Remove next hop' }).click();
    await expect(section.getByText('None. All mail goes to')).toBeVisible();
    await send(`bob@${domain}`, 'As before');
    await signet.mailbox.wrapperLink(`bob@${domain}`, 'As before');
  });
  await own.stop();
});
