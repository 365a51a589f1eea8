import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signetCommand } from '../command-line.ts';
import { joinAs, typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

/** A record as Microsoft 365 has it of somebody who opened a message. */
function record(recipient: string) {
  const id = randomUUID();
  return {
    CreationTime: '2023-03-22T19:00:59',
    Id: id,
    Operation: 'MessageAccess',
    OrganizationId: '84b06764-3e5e-4f51-9a78-046a7f38b59b',
    RecordType: 154,
    ResultStatus: 'Success',
    UserKey: 'admin@contoso.example',
    UserType: 0,
    Version: 1,
    Workload: 'Exchange',
    UserId: 'admin@contoso.example',
    AuthenticationMethod: 'Google',
    AuthenticationStatus: 0,
    MessageId: `<${id}@contoso.example>`,
    OperationProperties: [{ Name: 'MailSubject', Value: 'Support case 1234567' }],
    OperationStatus: 0,
    Recipient: recipient,
    Sender: 'admin@contoso.example',
  };
}

/** The rows that `Search-UnifiedAuditLog | Export-Csv` writes of records. */
const csvOf = (records: readonly object[]) =>
  ['"RecordType","AuditData"', ...records.map((each) => `"AzureActiveDirectory","${JSON.stringify(each).replaceAll('"', '""')}"`)].join(
    '\r\n',
  );

test('an admin imports records of Microsoft 365, learns what became of each, and takes them out again as they were', async ({
  signet,
  page,
  browser,
}) => {
  const first = record('samschan@contoso.example');
  const second = record('pilar@contoso.example');
  await page.goto(`${signet.portalUrl}/admin/trail`);
  await typePassword(page, signet.admin);
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Import records' })).toBeVisible();
  const file = page.getByLabel('File', { exact: true });
  const start = page.getByRole('button', { name: 'Import', exact: true });
  const give = (name: string, content: string) => file.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  const counted = (name: string) => page.locator('dl > div').filter({ hasText: name }).locator('dd');
  await start.click();
  await expect(file).toHaveAccessibleDescription(/Choose a file\./);
  await expect(file).toBeFocused();
  await expectScreen(page, 'admin-import');

  await test.step('a file that is none is refused, and so is a line, by its number', async () => {
    await give('notes.txt', 'just, words\nand, more');
    await start.click();
    await expect(page.getByText('This is neither JSON with a record a line nor CSV')).toBeVisible();
    await give('records.json', `${JSON.stringify(first)}\n{"CreationTime":"yesterday"}\nno record\n`);
    await start.click();
    await expect(page.getByText('The file is imported.')).toBeVisible();
    await expect(counted('New')).toHaveText('1');
    await expect(counted('Refused')).toHaveText('2');
    await expect(page.getByRole('row').filter({ hasText: 'is not JSON' }).getByRole('cell').first()).toHaveText('3');
    await expectScreen(page, 'admin-import-report');
  });

  await test.step('what is known is not taken twice, and CSV is taken as Exchange writes it', async () => {
    await give('audit.csv', csvOf([first, second]));
    await start.click();
    await expect(counted('New')).toHaveText('1');
    await expect(counted('Known already')).toHaveText('1');
    await expect(counted('Refused')).toHaveText('0');
  });

  await test.step('the entries are in the trail, and leave it as the records that they were', async () => {
    const query = { messageId: second.MessageId };
    await expect.poll(async () => (await signet.api.call(routes.listAuditEntries, { query })).items.length).toBe(1);
    await page.goto(`${signet.portalUrl}/admin/trail?recipient=pilar@contoso.example`);
    await expect(page.getByRole('row').filter({ hasText: 'Message opened' })).toContainText('pilar@contoso.example');
    await expect(page.getByRole('row').filter({ hasText: 'Message opened' })).toContainText('Stated by m365-import, not seen by Signet');
    for (const one of [first, second]) {
      const { body } = await signet.api.call(routes.exportAuditEntries, { query: { messageId: one.MessageId, format: 'm365' } });
      const written = await signetCommand(signet, ['audit', 'export', '--format', 'm365', '--message', one.MessageId]);
      for (const line of [body === null ? '' : await text(body), written.stdout]) expect(JSON.parse(line)).toEqual(one);
    }
    const { items } = await signet.api.call(routes.listAdminRecords, { query: { action: ['AuditImport'], limit: 1 } });
    expect(items).toMatchObject([{ actor: { address: signet.admin.email }, after: { records: 2 } }]);
  });

  await test.step('compliance reads the trail and imports nothing', async () => {
    const compliance = await joinAs('compliance', signet, browser);
    await compliance.goto(`${signet.portalUrl}/admin/trail`);
    await expect(compliance.getByRole('heading', { level: 1, name: 'Audit trail' })).toBeVisible();
    await expect(compliance.getByRole('link', { name: 'Import', exact: true })).toHaveCount(0);
    await compliance.goto(`${signet.portalUrl}/admin/trail/import`);
    await expect(compliance.getByRole('heading', { name: 'Not found' })).toBeVisible();
    await compliance.close();
  });
});
