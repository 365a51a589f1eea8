import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signetCommand } from '../command-line.ts';
import { runStatement } from '../database.ts';
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

/** A line of NDJSON: a record of its own. */
const recordLine = () => JSON.stringify(record('anna@contoso.example'));

/** The rows that `Search-UnifiedAuditLog | Export-Csv` writes of records. */
const csvOf = (records: readonly object[]) =>
  ['"RecordType","AuditData"', ...records.map((each) => `"AzureActiveDirectory","${JSON.stringify(each).replaceAll('"', '""')}"`)].join(
    '\r\n',
  );

/** The list of earlier imports, with its head as the first row. */
function listOn(page: Page) {
  const rows = page.getByRole('table', { name: 'Earlier imports' }).getByRole('row');
  /** Records that were sent, that were new, known and refused, and the state of the import that began last. */
  const expectNewest = (...cells: (string | RegExp)[]) =>
    expect(rows.nth(1).getByRole('cell')).toHaveText([/\d/, ...cells], { useInnerText: true });
  return { rows, expectNewest };
}

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
  const give = (name: string, content: string | Buffer) => file.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  const counted = (name: string) => page.locator('dl > div').filter({ hasText: name }).locator('dd');
  const { expectNewest, rows: earlier } = listOn(page);
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

  await test.step('the import is in the list below, where its refused lines are seen again', async () => {
    await expectNewest('3', '1', '0', '2', /^Ended \d/);
    await page.reload();
    await expectNewest('3', '1', '0', '2', /^Ended \d/);
    await earlier.nth(1).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import', exact: true })).toBeVisible();
    await expect(counted('Refused')).toHaveText('2');
    await expect(page.getByRole('row').filter({ hasText: 'is not JSON' }).getByRole('cell').first()).toHaveText('3');
    await expectScreen(page, 'admin-import-one');
    await page.getByRole('link', { name: 'Import records' }).click();
    await expect(start).toBeVisible();
  });

  await test.step('what is known is not taken twice, and CSV is taken as Exchange writes it', async () => {
    await give('audit.csv', csvOf([first, second]));
    await start.click();
    await expect(counted('New')).toHaveText('1');
    await expect(counted('Known already')).toHaveText('1');
    await expect(counted('Refused')).toHaveText('0');
    await expectNewest('2', '1', '1', '0', /^Ended \d/);
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

  await test.step('a file in UTF-16 with its mark is taken as it is, and of one in an old code page nothing: it says what mends it', async () => {
    const anna = { ...record('anna@contoso.example'), OperationProperties: [{ Name: 'MailSubject', Value: 'Grüße aus Zürich' }] };
    const lines = `${JSON.stringify(record('zoe@contoso.example'))}${' '.repeat(1024 * 1024)}\n${JSON.stringify(anna)}\n{}\n`;
    await page.goto(`${signet.portalUrl}/admin/trail/import`);
    await give('records.json', Buffer.from(lines, 'latin1'));
    await start.click();
    await expect(file).toHaveAccessibleDescription(/neither UTF-8 throughout nor UTF-16 .* nothing of it was imported\. Save it as UTF-8/);
    await expectScreen(page, 'admin-import-encoding');
    await page.reload();
    await expectNewest('2', '1', '1', '0', /^Ended \d/);
    await give('records.json', Buffer.from(`\u{feff}${lines}`, 'utf16le'));
    await start.click();
    await expect(page.getByText('The file is imported.')).toBeVisible();
    await expect(counted('New')).toHaveText('2');
    await expect(counted('Refused')).toHaveText('1');
    await expect(page.getByRole('row').filter({ hasText: 'CreationTime' }).getByRole('cell').first()).toHaveText('3');
    const exported = ['audit', 'export', '--format', 'm365', '--message', anna.MessageId];
    await expect.poll(async () => (await signetCommand(signet, exported)).stdout).toBe(`${JSON.stringify(anna)}\n`);
  });

  await test.step('where a retention policy takes what is imported, the page says so before anything is', async () => {
    const note = page.getByText('are removed a week after their import: so the retention policy says.');
    await expect(start).toBeVisible();
    await expect(note).toHaveCount(0);
    // Once the worker has looked, somebody is there who carries a policy out.
    await expect.poll(async () => (await signet.api.call(routes.getRetention)).carriedOut).toBe(true);
    try {
      // So long that it takes nothing of any journey.
      await signet.api.call(routes.setRetention, { body: { days: 36_500, operations: {} } });
      await page.reload();
      await expect(note).toHaveText(/^Entries older than 36,500 days .* A legal hold on their address or their time keeps them/);
      await expectScreen(page, 'admin-import-retention');
      await signet.api.call(routes.setRetention, { body: { days: null, operations: { MessageAccess: 36_500 } } });
      await page.reload();
      await expect(note).toHaveText(/^Entries of some steps older than 36,500 days/);
      await signet.api.call(routes.setRetention, { body: { days: null, operations: { LinkTouch: 36_500 } } });
      await page.reload();
      await expect(start).toBeVisible();
      await expect(note).toHaveCount(0);
      await signet.api.call(routes.setRetention, { body: { days: 36_500, operations: {} } });
      await page.reload();
      await page.getByRole('main').getByRole('link', { name: 'Retention', exact: true }).click();
      await expect(page.getByRole('region', { name: 'As it is' })).toContainText('36,500 days after what they tell of');
    } finally {
      await signet.api.call(routes.setRetention, { body: { days: null, operations: {} } });
    }
  });

  await test.step('compliance reads the trail and imports nothing', async () => {
    const compliance = await joinAs('compliance', signet, browser);
    await compliance.goto(`${signet.portalUrl}/admin/trail`);
    await expect(compliance.getByRole('heading', { level: 1, name: 'Audit trail' })).toBeVisible();
    await expect(compliance.getByRole('link', { name: 'Import', exact: true })).toHaveCount(0);
    await compliance.goto(`${signet.portalUrl}/admin/trail/import`);
    await expect(compliance.getByRole('heading', { name: 'Not found' })).toBeVisible();
    const imports = await signet.api.call(routes.listAuditImports, { query: { limit: 1 } });
    await compliance.goto(`${signet.portalUrl}/admin/trail/import/${imports.items[0]?.id}`);
    await expect(compliance.getByRole('heading', { name: 'Not found' })).toBeVisible();
    await compliance.close();
  });
});

test('an import that breaks off says how far it came, and goes on; earlier ones are turned page by page', async ({
  signet,
  page,
  browser,
}) => {
  await page.goto(`${signet.portalUrl}/admin/trail/import`);
  await typePassword(page, signet.admin);
  const start = page.getByRole('button', { name: 'Import', exact: true });
  const counted = (name: string) => page.locator('dl > div').filter({ hasText: name }).locator('dd');
  const { expectNewest, rows: earlier } = listOn(page);
  const give = (lines: readonly string[]) =>
    page
      .getByLabel('File', { exact: true })
      .setInputFiles({ name: 'records.json', mimeType: 'application/json', buffer: Buffer.from(lines.join('\n')) });

  await test.step('where the connection breaks between two pieces it goes on with the next, and lines are those of the file', async () => {
    // Each line of a record fills a piece.
    await give([...Array.from({ length: 3 }, () => `${recordLine()}${' '.repeat(1024 * 1024)}`), '{}']);
    let pieces = 0;
    await page.route(/\/trail\/import\/records\?/, async (route) => {
      pieces += 1;
      await (pieces === 2 ? route.abort('connectionreset') : route.continue());
    });
    await start.click();
    await expect(page.getByText('Signet did not answer. What was imported stays')).toBeVisible();
    await expect(page.getByText('25% of the file')).toBeVisible();
    await expect(counted('New')).toHaveText('1');
    await expectScreen(page, 'admin-import-broken');
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByText('The file is imported.')).toBeVisible();
    expect(pieces).toBe(5);
    await expect(counted('New')).toHaveText('3');
    await expect(counted('Known already')).toHaveText('0');
    await expect(counted('Refused')).toHaveText('1');
    await expectNewest('1', '0', '0', '1', /^Ended \d/);
    await earlier.nth(1).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import', exact: true })).toBeVisible();
    await expect(page.getByRole('table').getByRole('cell').first()).toHaveText('4');
    await page.getByRole('link', { name: 'Import records' }).click();
  });

  await test.step('what breaks off within a piece has not ended, which the list says with what to do, and the file again takes the rest', async () => {
    const lines = Array.from({ length: 600 }, recordLine);
    await give(lines);
    await runStatement(signet, `create function break_off() returns trigger language plpgsql as $$ begin raise 'no more'; end $$`, []);
    try {
      await runStatement(
        signet,
        'create trigger break_off before update on audit_import for each row when (new.accepted > 500) execute function break_off()',
        [],
      );
      await start.click();
      await expect(page.getByText('Signet did not answer. What was imported stays')).toBeVisible();
    } finally {
      await runStatement(signet, 'drop function break_off cascade', []);
    }
    await page.reload();
    await expectNewest('600', '500', '0', '0', /^Not ended\s+500 of 600 records were looked at\. It is still running, or it broke off:/);
    await expectScreen(page, 'admin-import-not-ended');
    await give(lines);
    await start.click();
    await expect(page.getByText('The file is imported.')).toBeVisible();
    await expectNewest('600', '100', '500', '0', /^Ended \d/);
    await earlier.nth(2).getByRole('link').click();
    await expect(page.getByText('500 of 600 records were looked at.')).toBeVisible();
    await expect(counted('New')).toHaveText('500');
    await expectScreen(page, 'admin-import-one-not-ended');
  });

  await test.step('older ones are a page further, a damaged address says so, and another organization has none', async () => {
    for (let more = 0; more < 24; more += 1) await signet.api.call(routes.importAuditRecords, { rawBody: '{}', query: {} });
    await page.goto(`${signet.portalUrl}/admin/trail/import`);
    await expect(earlier).toHaveCount(26);
    await expect(earlier.filter({ hasText: 'Not ended' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Older' }).click();
    await expect(earlier.filter({ hasText: 'Not ended' })).toHaveCount(1);
    await page.getByRole('link', { name: 'Newest' }).click();
    await expectNewest('1', '0', '0', '1', /^Ended \d/);
    await page.goto(`${signet.portalUrl}/admin/trail/import?cursor=nowhere`);
    await expect(page.getByText('This address leads to no place in the list.')).toBeVisible();
    const stranger = await browser.newPage();
    await stranger.goto(`${signet.portalUrl}/admin/trail/import`);
    await typePassword(stranger, signet.other.admin);
    await expect(stranger.getByText('Nothing was imported yet.')).toBeVisible();
    await expectScreen(stranger, 'admin-import-none');
    await stranger.close();
  });
});
