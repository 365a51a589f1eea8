import { expect, type Browser, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectFault, odd, withoutLimits } from '../bad-input.ts';
import { joinAs, typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const csv = (text: string, name = 'senders.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('an admin makes a group of senders, sees a rule decide by it, replaces its addresses by a file, and removes it once no rule asks about it', async ({
  browser,
  page,
  signet,
}) => {
  const at = (name: string) => `${name}@${signet.organizationDomain}`;
  const group = page.getByRole('row').filter({ hasText: 'Legal desk' });
  await page.goto(`${signet.portalUrl}/admin/rules`);
  await typePassword(page, signet.admin);

  await test.step('from the rules she finds that there is none yet', async () => {
    await page.getByRole('link', { name: 'Sender groups' }).click();
    await expect(heading(page, 'Sender groups')).toBeVisible();
    await expect(page.getByText('There are no sender groups.')).toBeVisible();
    await expectScreen(page, 'admin-groups-none');
  });

  await test.step('she pastes addresses, and is told which one is none', async () => {
    await page.getByRole('link', { name: 'Add a group' }).click();
    await expect(heading(page, 'New sender group')).toBeVisible();
    await expectScreen(page, 'admin-group-new');
    const pasted = `Ann@${signet.organizationDomain}; ${at('bea')}\nCarl Clerk <${at('carl')}>`;
    await page.getByLabel('Name', { exact: true }).fill('Legal desk');
    await page.getByLabel('Addresses', { exact: true }).fill(pasted);
    await page.getByRole('button', { name: 'Add group' }).click();
    await expectFault(page.getByLabel('Addresses', { exact: true }), pasted, /Number 3, “Carl Clerk <.*>”, must be one mail address/);
    await expect(page.getByLabel('Addresses', { exact: true })).toBeFocused();
    await expectScreen(page, 'admin-group-faults');
    await page.getByLabel('Addresses', { exact: true }).fill(`Ann@${signet.organizationDomain}; ${at('bea')}\n${at('carl')}`);
    await page.getByRole('button', { name: 'Add group' }).click();
    await expect(group.getByRole('cell', { name: '3', exact: true })).toBeVisible();
    await expect(group).toContainText('No rule');
  });

  await test.step('a rule that she makes with it decides, and the message says so', async () => {
    await page.getByRole('link', { name: 'Mail rules' }).click();
    await page.getByRole('link', { name: 'Add a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Legal mail stays with its readers');
    await page.getByLabel('Condition 1', { exact: true }).selectOption({ label: 'Sender is in the group' });
    await page.getByLabel('Group', { exact: true }).selectOption('Legal desk');
    await page.getByLabel('Action 1', { exact: true }).selectOption({ label: 'Forbid forwarding' });
    await page.getByRole('button', { name: 'Add an action' }).click();
    await page.getByLabel('Action 2', { exact: true }).selectOption({ label: 'Set the expiry' });
    await page.getByLabel('Days').fill('20');
    await page.getByLabel('Then look at no further rule').uncheck();
    await expectScreen(page, 'admin-rule-group');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await expect(heading(page, 'Mail rules')).toBeVisible();
    await expect(page.getByText('If the sender is in the group “Legal desk”')).toBeVisible();
    await signet.api.call(routes.changeMailRule, { params: { id: await ruleOf(signet) }, body: { position: 0 } });
    await page.goto(`${signet.portalUrl}/admin/messages/${await submit(signet, at('carl'), 'Contract')}`);
    const decision = page.getByRole('definition').filter({ hasText: 'fitted' });
    await expect(decision).toContainText('The rules “Legal mail stays with its readers”, “Everything gets Acme” fitted.');
    await expect(decision).toContainText('Template “Acme”, chosen by the rule “Everything gets Acme”');
    await expect(decision).toContainText('Expiry after 20 days, or earlier where the template says so: set by the rule “Legal mail stays');
    await expect(decision).toContainText('may not forward, print or copy it: the rule “Legal mail stays with its readers” forbids it');
    await expectScreen(page, 'admin-message-decision');
  });

  await test.step('a file takes the place of the list', async () => {
    await signet.api.call(routes.putSenderGroup, { params: { name: 'Board' }, body: { addresses: [at('fay'), at('gil')] } });
    await page.goto(`${signet.portalUrl}/admin/rules/groups`);
    await expect(group).toContainText('Legal mail stays with its readers');
    await expectScreen(page, 'admin-groups');
    await page.getByRole('link', { name: 'Legal desk' }).click();
    await expect(heading(page, 'Legal desk')).toBeVisible();
    await expect(page.getByText('The rule “Legal mail stays with its readers” asks about it.')).toBeVisible();
    const box = page.getByLabel('Addresses', { exact: true });
    await expect(box).toHaveValue([at('ann'), at('bea'), at('carl')].join('\n'));
    await expectScreen(page, 'admin-group');
    await page.getByLabel('Or a CSV file').setInputFiles(csv(`Name,Email\n"Dora, the dean",${at('dora')}\nEve,nobody\n`));
    await expect(box).toBeDisabled();
    await page.getByRole('button', { name: 'Save group' }).click();
    await expect(page.getByLabel('Or a CSV file')).toHaveAccessibleDescription(/Number 2 of the file’s addresses is not one mail address/);
    await expectScreen(page, 'admin-group-file');
    await page.getByRole('button', { name: 'Do without the file' }).click();
    await expect(box).toHaveValue([at('ann'), at('bea'), at('carl')].join('\n'));
    await page.getByLabel('Or a CSV file').setInputFiles(csv(`Name,Email\n"Dora, the dean",${at('dora')}\n`));
    await page.getByRole('button', { name: 'Save group' }).click();
    await expect(group.getByRole('cell', { name: '1', exact: true })).toBeVisible();
    const found = await signet.api.call(routes.getSenderGroup, { params: { name: 'legal desk' } });
    expect(found).toMatchObject({ name: 'Legal desk', addresses: [at('dora')] });
  });

  await test.step('what somebody else saved meanwhile is not overwritten unseen', async () => {
    await page.getByRole('link', { name: 'Legal desk' }).click();
    const box = page.getByLabel('Addresses', { exact: true });
    await expect(box).toHaveValue(at('dora'));
    await signet.api.call(routes.putSenderGroup, { params: { name: 'Legal desk' }, body: { addresses: [at('dora'), at('gil')] } });
    await box.fill(at('hal'));
    await page.getByRole('button', { name: 'Save group' }).click();
    await expect(page.getByText('Somebody else has changed this group meanwhile, and nothing was saved.')).toBeVisible();
    await expect(box).toHaveValue(at('hal'));
    await expectScreen(page, 'admin-group-changed');
    const kept = await signet.api.call(routes.getSenderGroup, { params: { name: 'Legal desk' } });
    expect(kept.addresses).toEqual([at('dora'), at('gil')]);
  });

  await test.step('what cannot be taken for the name of a group or its addresses is said at its box, and stays there', () =>
    typeWrong(page, signet));

  await test.step('a list of groups with long names, in use and not', async () => {
    await signet.api.call(routes.putSenderGroup, { params: { name: 'x'.repeat(100) }, body: { addresses: [] } });
    await signet.api.call(routes.putSenderGroup, {
      params: { name: 'Everybody who writes to customers about contracts, offers and invoices / EMEA' },
      body: { addresses: Array.from({ length: 1_200 }, (_, index) => at(`a.rather.long.address.of.sales.${index}`)) },
    });
    await page.goto(`${signet.portalUrl}/admin/rules/groups`);
    await expect(page.getByRole('cell', { name: '1,200' })).toBeVisible();
    await expectScreen(page, 'admin-groups-long');
    await page.getByRole('link', { name: 'Everybody who writes' }).click();
    await expect(page.getByLabel('Addresses', { exact: true })).toHaveValue(/sales\.1199@/);
    await expectScreen(page, 'admin-group-long');
  });

  await test.step('an auditor reads it all and changes nothing', () => readAsAuditor(browser, signet));

  await test.step('it stays while a rule asks about it, and goes when none does', async () => {
    await page.goto(`${signet.portalUrl}/admin/rules/groups`);
    await page.getByRole('button', { name: 'Remove “Legal desk”' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove “Legal desk”?' });
    await expect(dialog).toContainText('The rule “Legal mail stays with its readers” asks about this group, so it cannot be removed.');
    await expect(dialog.getByRole('button', { name: 'Remove group' })).toHaveCount(0);
    await expectScreen(page, 'admin-group-in-use', { fullPage: false });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(page.getByRole('button', { name: 'Remove “Legal desk”' })).toBeFocused();
    await signet.api.call(routes.removeMailRule, { params: { id: await ruleOf(signet) } });
    await page.reload();
    await page.getByRole('button', { name: 'Remove “Legal desk”' }).click();
    await expect(dialog).toContainText('No rule asks about it, so nothing changes for any message. It cannot be brought back.');
    await expectScreen(page, 'admin-group-removal', { fullPage: false });
    await dialog.getByRole('button', { name: 'Remove group' }).click();
    await expect(page.getByText('Group “Legal desk” is removed.')).toBeFocused();
    await expect(group).toHaveCount(0);
  });

  await test.step('what no rule fits has the organization’s default, and the message says so', async () => {
    await page.goto(`${signet.portalUrl}/admin/messages/${await submitWithoutRules(signet, at('carl'), 'Invoice')}`);
    const decision = page.getByRole('definition').filter({ hasText: 'No rule fitted: the organization’s default was followed.' });
    await expect(decision).toContainText('Template “OME Configuration”, the default one: no rule chose another');
    await expectScreen(page, 'admin-message-default');
  });
});

async function typeWrong(page: Page, signet: Signet): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin/rules/groups/new`);
  const [name, box, file] = [
    page.getByLabel('Name', { exact: true }),
    page.getByLabel('Addresses', { exact: true }),
    page.getByLabel('Or a CSV file'),
  ];
  const add = page.getByRole('button', { name: 'Add group' });
  await withoutLimits(page);
  await add.click();
  await expectFault(name, '', /Write a name of 1 to 100 characters/);
  await expectFault(box, '', /Write at least one address/);
  await expect(name).toBeFocused();
  await box.fill('ann@acme.example');
  for (const text of ['x'.repeat(2000), '\u0001\u0007', '..', ' ']) {
    await name.fill(text);
    await add.click();
    await expect(add).toBeEnabled();
    await expectFault(name, text, /Write a name of 1 to 100 characters/);
    await expect(box).toHaveValue('ann@acme.example');
  }
  await name.fill('LEGAL desk');
  await add.click();
  await expectFault(name, 'LEGAL desk', /There is a group of this name/);
  await name.fill('Never made');
  for (const text of [...odd, 'x'.repeat(2000), '@', 'a@b.example\n'.repeat(5001)]) {
    await box.fill(text);
    await add.click();
    await expect(add).toBeEnabled();
    await expectFault(box, text, /Number 1, “.*”, must|5,001 addresses, and 5,000 fit/s);
    await expect(name).toHaveValue('Never made');
  }
  for (const [text, message] of [
    ['', /no mail address in this file/],
    ['Email\n', /no mail address in this file/],
    ['a,"b@\n', /cannot be read as CSV/],
    ['a@b.example\n'.repeat(5001), /cannot be read as CSV of at most 5,000 addresses/],
    [`Email\n${'nobody@\n'.repeat(9)}`, /Number 3 of the file’s.*6 more are not right/s],
    [`Email,Notes\nann@acme.example,${'x'.repeat(1_000_000)}\n`, /larger than the megabyte/],
  ] as const) {
    await file.setInputFiles(csv(text));
    await add.click();
    await expect(add).toBeEnabled();
    await expect(file).toHaveAccessibleDescription(message);
    await expect(file).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toHaveValue('Never made');
  }
  expect((await signet.api.call(routes.listSenderGroups)).items.map((group) => group.name)).toEqual(['Board', 'Legal desk']);
}

async function readAsAuditor(browser: Browser, signet: Signet): Promise<void> {
  const page = await joinAs('auditor', signet, browser);
  await page.goto(`${signet.portalUrl}/admin/rules/groups`);
  await expect(page.getByRole('link', { name: 'Legal desk' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Remove/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Add a group' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Legal desk' }).click();
  await expect(page.getByText('Your role may look at sender groups and not change them.')).toBeVisible();
  await expect(page.getByLabel('Addresses', { exact: true })).not.toBeEditable();
  await expect(page.getByRole('button', { name: 'Save group' })).toHaveCount(0);
  await expectScreen(page, 'admin-group-auditor');
  await page.goto(`${signet.portalUrl}/admin/rules/groups/new`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
  await page.close();
}

/** Hands a message in while every rule is switched off. @returns its id */
async function submitWithoutRules(signet: Signet, sender: string, subject: string): Promise<string> {
  const { items } = await signet.api.call(routes.listMailRules);
  const on = items.filter(({ enabled }) => enabled);
  const switchAll = async (enabled: boolean) => {
    for (const { id } of on) await signet.api.call(routes.changeMailRule, { params: { id }, body: { enabled } });
  };
  await switchAll(false);
  try {
    return await submit(signet, sender, subject);
  } finally {
    // Other journeys count on them.
    await switchAll(true);
  }
}

/** The id of the rule that the journey makes. */
async function ruleOf(signet: Signet): Promise<string> {
  const { items } = await signet.api.call(routes.listMailRules);
  const rule = items.find(({ name }) => name === 'Legal mail stays with its readers');
  if (!rule) throw new Error('The rule is not there');
  return rule.id;
}

/** Hands a message in. @returns its id */
async function submit(signet: Signet, sender: string, subject: string): Promise<string> {
  const raw = `From: ${sender}\r\nTo: bob@example.net\r\nSubject: ${subject}\r\n\r\nHere it is.\r\n`;
  const body = { sender, recipients: ['bob@example.net'], raw: Buffer.from(raw).toString('base64') };
  return (await signet.api.call(routes.submitMessage, { body })).id;
}
