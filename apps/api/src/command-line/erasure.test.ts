import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@signet/db/database';
import { eraseNamedEntries } from '@signet/db/erasure-sweep';
import { asSuperuser, retentionUrl } from '@signet/db/testing/test-database';
import { expect, onTestFinished, test } from 'vitest';
import { sealLogs } from '../testing/seal-logs.ts';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const variables = { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey };
const signet = (...words: string[]) => signetCommand(words, variables);
await asSuperuser(api.settings.DATABASE_URL, "insert into retention_worker (name, seen_at) values ('retention', now())");

/** Seals the logs, and erases as the worker does. */
async function carryOut(): Promise<void> {
  await ingestAll(api);
  await sealLogs(api, acme.organizationId);
  const retention = new Database({ url: retentionUrl(api.settings.DATABASE_URL), applicationName: 'signet-test-retention' });
  onTestFinished(() => retention.close());
  await eraseNamedEntries(retention, new AbortController().signal);
  await ingestAll(api);
  await sealLogs(api, acme.organizationId);
}

test('entries are counted, erased once that is said, and told of; the log verifies with the signed admin log that tells of it and not without', async () => {
  const message = await submitMail(api, acme, { messageId: '<erased@acme.example>' }, ['bob@example.net']);
  await submitMail(api, acme, { messageId: '<kept@acme.example>' }, ['carol@example.net']);
  await ingestAll(api);
  const { body } = await ask(api, `GET /v1/audit-entries?messageId=${message}`, { key: acme.apiKey });
  const ids = (body['items'] as { id: string }[]).map(({ id }) => id);
  const [entry = ''] = ids;
  const counted = await signet('audit', 'erase', ...ids, '--preview');
  expect(counted).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `1 entry of 1 message would be erased.\n  <erased@acme.example>: ${ids.length}\n`,
  });
  expect(await signet('audit', 'erase', ...ids, '--reason', 'Case 7')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('add --yes'),
  });
  expect(await signet('audit', 'erase', ...ids, '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') });
  const made = await signet('audit', 'erase', ...ids, '--reason', 'Case 7', '--yes');
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('1 entry will be erased') });
  const id = /audit erasure (\S+)/.exec(made.stderr)?.[1] ?? '';
  expect((await signet('audit', 'erasure', id)).stdout).toMatch(/^Erased +: 0$/m);
  await carryOut();
  expect((await signet('audit', 'erasure', id)).stdout).toMatch(new RegExp(`^Erased +: ${ids.length}$`, 'm'));
  expect((await signet('audit', 'erasures')).stdout).toMatch(new RegExp(`Case 7.*${id}`));
  expect(JSON.parse((await signet('audit', 'erasures', '--json')).stdout)).toMatchObject({ items: [{ id, erased: ids.length }] });
  expect(await signet('audit', 'show', entry)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Case 7') });
  expect((await signet('audit', 'erasure', '--entry', entry)).stdout).toMatch(/^Outcome +: erased$[^]*^Reason +: Case 7$/m);
  const { stderr: history } = await signet('message', 'timeline', 'erased@acme.example');
  expect(history).toContain(`Not on record any more: ${ids.length === 1 ? '1 step' : `${ids.length} steps`} of `);
  expect(history).not.toContain('Nothing is recorded');

  const folder = mkdtempSync(join(tmpdir(), 'signet-erasure-'));
  const [log, records] = [join(folder, 'log.ndjson'), join(folder, 'records.ndjson')];
  const [checkpoint, adminCheckpoint] = [join(folder, 'checkpoint'), join(folder, 'admin.checkpoint')];
  expect((await signet('audit', 'export', '--output', log)).code).toBe(0);
  writeFileSync(checkpoint, (await signet('log', 'checkpoint')).stdout);
  writeFileSync(adminCheckpoint, (await signet('log', 'checkpoint', '--stream', 'admin')).stdout);
  expect((await signet('record', 'export', '--output', records)).code).toBe(0);
  const key = (await signet('log', 'key')).stdout.trim();
  const verify = (...more: string[]) => signet('log', 'verify', '--entries', log, '--checkpoint', checkpoint, '--key', key, ...more);
  expect(await verify('--removals', records, '--removals-checkpoint', adminCheckpoint)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`${ids.length} of them removed as records tell`),
  });
  expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining('removed (erasure') });
});

test('an address, what is held, and what is not there: each in words', async () => {
  const message = await submitMail(api, acme, { messageId: '<held@acme.example>' }, ['held@example.net']);
  await ingestAll(api);
  await ask(api, 'POST /v1/legal-holds', { key: acme.apiKey, body: { kind: 'message', message, reason: 'Acme ./. Globex' } });
  const words = ['audit', 'erase', '--address', 'held@example.net'];
  expect((await signet(...words, '--preview')).stderr).toMatch(/are held, and stay:\n {2}message hold \S+: Acme \.\/\. Globex\n$/);
  expect(JSON.parse((await signet(...words, '--preview', '--json')).stdout)).toMatchObject({ entries: 0 });
  const refused = { code: 1, stderr: expect.stringContaining('Acme ./. Globex') };
  expect(await signet(...words, '--reason', 'Case 8', '--yes')).toMatchObject(refused);
  expect(await signet('audit', 'erase', randomUUID(), '--reason', 'Case 8', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not_found'),
  });
  for (const wrong of [
    ['audit', 'erase', '--reason', 'x', '--yes'],
    ['audit', 'erasure'],
    [...words, randomUUID(), '--yes'],
  ])
    expect((await signet(...wrong)).code, wrong.join(' ')).toBe(2);
});
