import { expect } from '@playwright/test';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

const message = [
  'From: Alice <alice@acme.example>',
  'To: bob@example.net',
  'Subject: [secure] Figures',
  '',
  'The project is called Bluebird.',
];

test('an admin adds a rule, reads what it does in words, puts it first by keyboard, sees by Explain that it rejects, switches it off, and removes it', async ({
  page,
  signet,
}) => {
  await page.goto(`${signet.portalUrl}/admin/rules`);
  await typePassword(page, signet.admin);
  await expect(page.getByRole('heading', { level: 1, name: 'Mail rules' })).toBeVisible();
  const rules = page.getByRole('main').getByRole('listitem');
  await expect(rules.filter({ hasText: 'For every message: encrypt it with the template “Acme”. Then stop.' })).toBeVisible();
  const before = await rules.count();
  await expectScreen(page, 'admin-rules');

  await page.getByRole('link', { name: 'Add a rule' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New rule' })).toBeVisible();
  await page.getByLabel('Condition 1', { exact: true }).selectOption({ label: 'Subject or body contains' });
  await page.getByLabel('Action 1', { exact: true }).selectOption({ label: 'Reject with a text' });
  await page.getByLabel('Text', { exact: true }).fill('Bluebird stays – inside');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(page.getByText('3 fields are not right. Nothing was saved.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Text', { exact: true })).toHaveValue('Bluebird stays – inside');
  await expect(page.getByText('must be one line of ASCII: it is an answer of SMTP')).toBeVisible();
  await expectScreen(page, 'admin-rule-faults');

  await page.getByLabel('Name', { exact: true }).fill('Bluebird');
  await page.getByLabel('Words').fill('bluebird\nblue bird');
  await page.getByLabel('Text', { exact: true }).fill('Bluebird stays inside');
  await page.getByRole('button', { name: 'Add an exception' }).click();
  await page.getByLabel('Exception 1', { exact: true }).selectOption({ label: 'A recipient’s domain is' });
  await page.getByLabel('Domains').fill('acme.example');
  const words =
    'If the subject or the body contains “bluebird” or “blue bird”, unless a recipient is at acme.example: reject it with “Bluebird stays inside”.';
  await expect(page.getByText(words)).toBeVisible();
  await expectScreen(page, 'admin-rule');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mail rules' })).toBeVisible();
  await expect(rules.nth(before)).toContainText(words);

  const up = page.getByRole('button', { name: 'Move “Bluebird” up' });
  for (let place = before; place > 0; place -= 1) {
    await up.press('Enter');
    await expect(page.getByText(`Rule “Bluebird” is now number ${place} of ${before + 1}.`)).toBeAttached();
    await expect(rules.nth(place - 1)).toContainText('Bluebird');
    await expect(up).toBeFocused();
  }

  await page.getByRole('link', { name: 'Edit “Bluebird”' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Edit rule' })).toBeVisible();
  await expect(page.getByText(words)).toBeVisible();
  await expectScreen(page, 'admin-rule-edit');
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByRole('link', { name: 'Explain' }).click();
  await page.getByLabel('Sender').fill('alice@acme.example');
  await page.getByLabel('Recipients').fill('bob@example.net');
  await page.getByLabel('Message', { exact: true }).fill(message.join('\n'));
  await page.getByRole('button', { name: 'Explain' }).click();
  await expect(page.getByText('A rule would reject the message. The sender would read:')).toBeVisible();
  await expect(rules.filter({ hasText: '1. Bluebird' })).toContainText('found “bluebird”');
  await expectScreen(page, 'admin-rules-explained');
  const late = ['Subject: Offer', 'X-Signet-Template: Acme Legal', 'X-Signet-Expires: 60', '', 'Dear Bob.'];
  await page.getByLabel('Message', { exact: true }).fill(late.join('\n'));
  await page.getByRole('button', { name: 'Explain' }).click();
  await expect(page.getByText('The message would be refused:')).toBeVisible();
  await expect(page.getByText(/X-Signet-Expires/).last()).toBeVisible();
  await expect(rules.filter({ hasText: 'Acme Legal' }).first()).toContainText('Counts');
  await expectScreen(page, 'admin-rules-explained-late');
  const refused = await fetch(`${signet.apiUrl}/v1/messages?sender=alice@acme.example&recipient=bob@example.net`, {
    method: 'POST',
    headers: { authorization: `Bearer ${signet.apiKey}`, 'content-type': 'message/rfc822' },
    body: message.join('\r\n'),
  });
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'rejected_by_rule', detail: 'Bluebird stays inside' }]);

  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByRole('switch', { name: 'Rule “Bluebird”' }).click();
  await expect(rules.nth(0)).toContainText('switched off');
  await page.getByRole('button', { name: 'Remove “Bluebird”' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove “Bluebird”?' });
  await expect(dialog).toContainText('It cannot be brought back');
  await expectScreen(page, 'admin-rule-removal', { fullPage: false });
  await dialog.getByRole('button', { name: 'Remove rule' }).click();
  await expect(rules).toHaveCount(before);
});
