import { expect } from '@playwright/test';
import { expectFault, odd } from '../bad-input.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

const long = 'x'.repeat(2000);

test('what is typed wrong about bounces, a message to be explained or a template is said at its box, and stays there', async ({
  signet,
  page,
}) => {
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const box = (name: string) => page.getByLabel(name, { exact: true });
  await page.goto(admin('settings'));
  await typePassword(page, signet.admin);

  await test.step('the domain that bounces come back to', async () => {
    const domain = box('Domain that bounces come back to');
    const save = page.getByRole('region', { name: 'Bounces' }).getByRole('button', { name: 'Save' });
    for (const text of ['no domain', 'bounces.elsewhere.example', ...odd, long]) {
      await domain.fill(text);
      await save.click();
      await expect(save).toBeEnabled();
      await expectFault(domain, text, /Enter one of your organization’s domains/);
    }
    await domain.fill('bounces.elsewhere.example');
    await save.click();
    await expect(save).toBeEnabled();
    await expectScreen(page, 'admin-bounces-refused');
  });

  await test.step('a message to be explained, with its envelope', async () => {
    await page.goto(admin('rules/explain'));
    await expect(page.getByRole('heading', { level: 1, name: 'Explain the rules' })).toBeVisible();
    await expectScreen(page, 'admin-explain');
    const [sender, recipients, mail] = [box('Sender'), box('Recipients'), box('Message')];
    const explain = page.getByRole('main').getByRole('button', { name: 'Explain' });
    await explain.click();
    await expectFault(mail, '', /Paste a message/);
    await expectFault(sender, '', /Enter a mail address/);
    await expectFault(recipients, '', /Enter 1 to 1,000 mail addresses/);
    await expect(sender).toBeFocused();
    await expectScreen(page, 'admin-explain-refused');
    for (const text of [...odd, long]) {
      await sender.fill(text);
      await recipients.fill(`bob@example.net, ${text}`);
      await explain.click();
      await expect(explain).toBeEnabled();
      await expectFault(sender, text, /Enter a mail address/);
      await expectFault(recipients, `bob@example.net, ${text}`, /Number 2 of these is not a mail address/);
    }
    await sender.fill(`alice@${signet.organizationDomain}`);
    await recipients.fill('bob@example.net');
    // Three bytes each: more than a form of the portal takes, though not as many characters.
    const tooLong = `${'–'.repeat(76)}\n`.repeat(3_200);
    await mail.fill(tooLong);
    for (const _ of ['once', 'and again']) {
      await explain.click();
      await expectFault(mail, tooLong, /more than the 700 kB that fit here/);
      await expect(mail).toBeFocused();
    }
    await mail.fill(`Subject: short\n\n${'x'.repeat(76)}\n`);
    await explain.click();
    await expect(page.getByRole('heading', { name: 'What would happen' })).toBeFocused();
  });

  await test.step('the fields of a template', async () => {
    await page.goto(admin('templates/new'));
    const make = page.getByRole('button', { name: 'Make the template' });
    const days = box('Days until a message expires');
    const address = box('Address of the privacy statement');
    await make.click();
    await expectFault(box('Name'), '', /Write a name of at most 64 characters/);
    await expect(box('Name')).toBeFocused();
    for (const text of [long, '\u0001\u0007']) {
      await box('Name').fill(text);
      await make.click();
      await expect(make).toBeEnabled();
      await expectFault(box('Name'), text, /Write a name of at most 64 characters/);
    }
    await box('Name').fill('Never made');
    for (const text of ['', '731', '-1', '1.5', 'a week', long]) {
      await days.fill(text);
      await make.click();
      await expect(make).toBeEnabled();
      await expectFault(days, text, /Write whole days from 0 to 730/);
    }
    for (const text of ['javascript:alert(1)', 'acme.example', long]) {
      await address.fill(text);
      await make.click();
      await expect(make).toBeEnabled();
      await expectFault(address, text, /Write a whole address that begins with https/);
    }
    for (const text of ['no language', 'ä', ...odd.slice(0, 3)]) {
      await box('Add a language').fill(text);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expectFault(box('Add a language'), text, /Write a language tag/);
    }
    await page.getByRole('textbox', { name: 'Brand colour' }).fill('no colour');
    await box('Introduction').fill(long);
    await make.click();
    await expectFault(page.getByRole('textbox', { name: 'Brand colour' }), 'no colour', /Write #RRGGBB/);
    await expectFault(box('Introduction'), long, /At most [\d,]+ characters/);
    await expect(page.getByText('Nothing was saved yet: some fields cannot be as they are.')).toBeVisible();
    await expectScreen(page, 'admin-template-refused');
  });
  await expect(page).not.toHaveTitle('bad');
});
