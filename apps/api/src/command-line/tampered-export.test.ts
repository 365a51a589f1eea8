import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, onTestFinished, test } from 'vitest';
import { sealLogs } from '../testing/seal-logs.ts';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

/** The place that is tampered with. */
const PLACE = 2;

/** A log of five entries, whose checkpoint and key an auditor keeps, and what its server gives away of it. */
async function keptLog() {
  const api = await startTestApi();
  const organization = await createTestOrganization(api);
  const { organizationId, apiKey } = organization;
  for (let count = 0; count < 5; count += 1)
    await submitMail(api, organization, { messageId: `<${count}@acme.example>` }, ['bob@example.net']);
  await ingestAll(api);
  await sealLogs(api, organizationId);
  const folder = mkdtempSync(join(tmpdir(), 'signet-tampered-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const signet = (...words: string[]) => signetCommand(words, { SIGNET_API_URL: api.url, SIGNET_API_KEY: apiKey });
  const [entries, checkpoint] = [join(folder, 'log.ndjson'), join(folder, 'checkpoint')];
  writeFileSync(checkpoint, (await signet('log', 'checkpoint')).stdout);
  const key = (await signet('log', 'key')).stdout.trim();
  return {
    folder,
    exportLog: () => signet('audit', 'export', '--output', entries),
    verify: () => signet('log', 'verify', '--entries', entries, '--checkpoint', checkpoint, '--key', key),
    tamper: (sql: string) =>
      asSuperuser(
        api.settings.DATABASE_URL,
        `set session_replication_role = replica; ${sql.replaceAll('$org', `organization_id = '${organizationId}'`)}`,
      ),
  };
}

test.each([
  { name: 'changed', sql: `update audit_entry set sender = 'mallory@acme.example' where $org and log_index = ${PLACE}` },
  { name: 'deleted', sql: `delete from audit_entry where $org and log_index = ${PLACE}` },
  {
    name: 'swapped',
    sql: `update audit_entry set log_index = -1 where $org and log_index = ${PLACE};
      update audit_entry set log_index = ${PLACE} where $org and log_index = ${PLACE + 1};
      update audit_entry set log_index = ${PLACE + 1} where $org and log_index = -1`,
  },
])(
  'a log with a $name entry is given away as it is, and the command that verifies it without the server names the place',
  async ({ sql }) => {
    const log = await keptLog();
    expect((await log.exportLog()).code).toBe(0);
    expect(await log.verify()).toMatchObject({ code: 0 });
    await log.tamper(sql);
    expect((await log.exportLog()).code).toBe(0);
    expect(await log.verify()).toMatchObject({ code: 1, stdout: expect.stringMatching(new RegExp(`index ${PLACE}\\b`)) });
  },
);

test.each([
  {
    name: 'a hole',
    sql: `delete from audit_entry where $org and log_index = ${PLACE};
      delete from log_entry where $org and stream = 'audit' and log_index = ${PLACE}`,
  },
  {
    name: 'two entries at a place',
    sql: `insert into audit_entry select organization_id, creation_time + interval '1 millisecond', gen_random_uuid(), log_index, recorded_at, version, source,
      operation, message_id, message_uid, recipients, sender, authentication_method, authentication_status, operation_status, attachment_name,
      operation_properties, actor, client_ip, user_agent, salt from audit_entry where $org and log_index = ${PLACE}`,
  },
])('a log with $name is not given away: no file is left that could be taken for it', async ({ sql }) => {
  const log = await keptLog();
  await log.tamper(sql);
  expect(await log.exportLog()).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/./) });
  expect(readdirSync(log.folder)).toEqual(['checkpoint']);
});
