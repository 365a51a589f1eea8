import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Download, type Locator, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { rootByInclusion } from '@signet/domain/log/inclusion-proof';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { readVerifierKey } from '@signet/domain/log/signed-note';
import { readExportedLine } from '@signet/domain/audit/exported-line';
import { z } from 'zod';
import { runStatement } from '../database.ts';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';

const mark = randomBytes(3).toString('hex');
const proofFile = z.object({
  logIndex: z.int(),
  record: z.string(),
  salt: z.string(),
  hash: z.string(),
  proof: z.array(z.string()),
  checkpoint: z.string(),
});
const bytes = (hex: string) => Buffer.from(hex, 'hex');

test('an auditor takes the proofs of an entry and of a record, the logs’ keys and checkpoints, and the trail and the records themselves, and needs Signet no more to check them', async ({
  signet,
  page,
  browser,
}) => {
  await readMessage(signet, browser, `Log ${mark}`);
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const entryPage = page.getByRole('heading', { level: 1, name: 'Entry of the audit trail' });
  const recordPage = page.getByRole('heading', { level: 1, name: 'Record of an administrative act' });
  const keys = { audit: '', admin: '' };
  /** Shows the records of an act until this one is among them: it is on record in a moment, and a page shows what there was when it was asked for. */
  const expectRecorded = (action: string, row: Locator) =>
    expect(async () => {
      await page.goto(admin(`records?action=${action}`));
      await expect(row).toBeVisible({ timeout: 2_000 });
    }).toPass();

  await test.step('the log says how far it is signed, and what verifies it', async () => {
    await page.goto(admin('log'));
    await typePassword(page, signet.admin);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log');
    const audit = page.getByRole('region', { name: 'Steps of messages' });
    await expect(async () => {
      await page.reload();
      await expect(audit.getByText('Signed', { exact: true }).last()).toBeVisible({ timeout: 1_000 });
      await expect(audit.getByRole('link', { name: 'Download the checkpoint' })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page.getByRole('region', { name: 'Administrative acts' })).toBeVisible();
    await expectScreen(page, 'admin-log');
    keys.audit = (await audit.locator('code').filter({ hasText: '/audit+' }).innerText()).trim();
    keys.admin = (await page.locator('code').filter({ hasText: '/admin+' }).first().innerText()).trim();
    const note = await contentOf(page, () => audit.getByRole('link', { name: 'Download the checkpoint' }).click());
    const { items } = await signet.api.call(routes.listLogs);
    for (const { stream, keys: known } of items) expect(known[0]?.verifierKey).toBe(keys[stream]);
    expect(readCheckpoint(note, readVerifierKey(keys.audit)).size).toBeGreaterThan(0);
  });

  await test.step('from a step to its own page, whose proof leads to the root that the key has signed', async () => {
    await page.goto(admin(`trail?subject=${mark}&operation=MessageAccess`));
    await page.getByText('Whole entry').click();
    await page.getByRole('link', { name: 'Link to this entry, and its proof' }).click();
    await expect(entryPage).toBeVisible();
    expect(await provenBy(page, keys.audit, 'admin-trail-proof')).toContain(mark);
  });

  await test.step('what is not there and an address that can be none look the same', async () => {
    for (const path of ['trail', 'records'])
      for (const id of ['00000000-0000-4000-8000-000000000000', 'nothing']) {
        await page.goto(admin(`${path}/${id}`));
        await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
      }
  });

  const take = async (form: string) => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByLabel('Form').selectOption(form);
    return contentOf(page, () => page.getByRole('button', { name: 'Download' }).click());
  };

  await test.step('the trail is exported as the filters say, in each form', async () => {
    await page.goto(admin(`trail?subject=${mark}&operation=MessageAccess`));
    await page.getByRole('button', { name: 'Export' }).click();
    await expectScreen(page, 'admin-trail-export', { fullPage: false });
    await page.keyboard.press('Escape');
    const lines = (await take('ndjson')).trimEnd().split('\n').map(readExportedLine);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.intact?.text).toContain(mark);
    const csv = await take('csv');
    expect(csv).toMatch(/^CreationTime,Operation,/);
    expect(csv).toContain(mark);
    expect(JSON.parse(await take('m365'))).toMatchObject({ Operation: 'MessageAccess' });
  });

  await test.step('what an export cannot hold is refused in words, and the filters stay', async () => {
    await page.goto(admin(`trail?subject=${mark}&operation=MessageSend`));
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByLabel('Form').selectOption('m365');
    await page.getByRole('button', { name: 'Download' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Not exported: this form has no room' })).toBeVisible();
    await expect(page).toHaveURL(/operation=MessageSend/);
    await expectScreen(page, 'admin-trail-export-refused');
  });

  await test.step('that somebody took the trail away is on record, and the record has its own page and proof', async () => {
    const row = page.getByRole('row').filter({ hasText: mark }).first();
    await expectRecorded('AuditExport', row);
    await row.getByText('Whole record').click();
    await expectScreen(page, 'admin-records-open');
    await row.getByRole('link', { name: 'Link to this record, and its proof' }).click();
    await expect(recordPage).toBeVisible();
    await expect(page).toHaveURL(/\/admin\/records\/[0-9a-f-]{36}$/);
    await expect(page.getByRole('table')).toContainText('Export of audit entries');
    await expect(page.getByRole('region', { name: 'Whole record' })).toContainText('"action": "AuditExport"');
    expect(await provenBy(page, keys.admin, 'admin-record-proof')).toContain(mark);
  });

  await test.step('the records are exported as the filters say, in each form', async () => {
    await page.goto(admin('records?action=AuditExport'));
    await page.getByRole('button', { name: 'Export' }).click();
    await expectScreen(page, 'admin-records-export', { fullPage: false });
    await page.keyboard.press('Escape');
    const records = (await take('ndjson')).trimEnd().split('\n').map(readExportedLine);
    expect(records.every(({ intact }) => intact?.text.includes('"action":"AuditExport"'))).toBe(true);
    expect(records.some(({ intact }) => intact?.text.includes(mark))).toBe(true);
    const csv = await take('csv');
    expect(csv).toMatch(/^CreationTime,Action,/);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(records.length + 1);
    await expectRecorded('AdminRecordExport', page.getByRole('row').filter({ hasText: 'Export of records' }).first());
  });

  await test.step('filters that are not understood export nothing, in words', async () => {
    await page.goto(admin('records?from=24.11.2026&status=Failure'));
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Download' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Not exported: something in the filters' })).toBeVisible();
    await expect(page).toHaveURL(/status=Failure/);
    await expectScreen(page, 'admin-records-export-refused');
  });

  await test.step('a log that is not what was signed says why nothing is signed, and how to go on', async () => {
    await refuse(signet, 'It is an older database than the one that signed it');
    try {
      await page.goto(admin('log'));
      await expect(page.getByRole('region', { name: 'Administrative acts' })).toContainText('It is an older database');
      await expectScreen(page, 'admin-log-refused');
    } finally {
      await refuse(signet, null);
    }
  });
});

/** Waits for the proof on the page, takes it, and follows it to the root that the key has signed. @returns the record that is proved. */
async function provenBy(page: Page, key: string, picture: string): Promise<string> {
  const region = page.getByRole('region', { name: 'Proof' });
  await expect(async () => {
    await page.reload();
    await expect(region.getByRole('link', { name: 'Download the proof' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expectScreen(page, picture);
  const file = await contentOf(page, () => region.getByRole('link', { name: 'Download the proof' }).click());
  const proof = proofFile.parse(JSON.parse(file));
  const hash = createHmac('sha256', bytes(proof.salt)).update(proof.record).digest();
  expect(hash.toString('hex')).toBe(proof.hash);
  const leaf = leafHash(hash);
  await expect(region.getByText(Buffer.from(leaf).toString('hex'))).toBeVisible();
  expect(
    createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), hash]))
      .digest(),
  ).toEqual(Buffer.from(leaf));
  const { size, root } = readCheckpoint(proof.checkpoint, readVerifierKey(key));
  expect(Buffer.from(rootByInclusion(leaf, proof.logIndex, size, proof.proof.map(bytes)) ?? [])).toEqual(Buffer.from(root));
  return proof.record;
}

/** What is in the file that an act downloads. */
async function contentOf(page: Page, act: () => Promise<void>): Promise<string> {
  const coming: Promise<Download> = page.waitForEvent('download');
  await act();
  return readFileSync(await (await coming).path(), 'utf8');
}

/** Has the logs of admin records say that they are refused, or no longer: the sealer looks again after a minute. */
async function refuse(signet: Signet, reason: string | null): Promise<void> {
  const statement = `update log_seal set refusal = $1::text, refused_at = case when $1::text is null then null else clock_timestamp() end
    where stream = 'admin'`;
  expect(await runStatement(signet, statement, [reason])).toBeGreaterThan(0);
}
