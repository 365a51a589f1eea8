import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sealLogs } from '../testing/seal-logs.ts';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-records-'));
afterAll(() => rmSync(folder, { recursive: true }));
const api = await startTestApi();
const acme = await createTestOrganization(api);
const signet = (words: readonly string[], input?: string) =>
  signetCommand(words, { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey }, input);

const message = await submitMail(api, acme, { messageId: '<taken@acme.example>' });
await ask(api, `POST /v1/messages/${message}/revocation`, { key: acme.apiKey, body: { reason: 'Wrong attachment' } });
await ingestAll(api);
await sealLogs(api, acme.organizationId);

test('the admin records are taken away and verified against a kept checkpoint and key without a server; a changed byte is named', async () => {
  const entries = join(folder, 'records.ndjson');
  const checkpoint = join(folder, 'admin.checkpoint');
  writeFileSync(checkpoint, (await signet(['log', 'checkpoint', '--stream', 'admin'])).stdout);
  const key = (await signet(['log', 'key', '--stream', 'admin'])).stdout.trim();
  expect(await signet(['record', 'export', '--output', entries])).toEqual({ code: 0, stdout: '', stderr: '' });
  const nowhere = { SIGNET_API_URL: 'http://localhost:1', SIGNET_API_KEY: 'none' };
  const verify = (file: string) => signetCommand(['log', 'verify', '--entries', file, '--checkpoint', checkpoint, '--key', key], nowhere);
  expect(await verify(entries)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok \d+ entries/) });

  const lines = readFileSync(entries, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes('Wrong attachment'));
  const changed = join(folder, 'changed.ndjson');
  writeFileSync(changed, lines.with(index, lines[index]?.replace('Wrong', 'wrong') ?? '').join('\n'));
  expect(await verify(changed)).toMatchObject({ code: 1, stdout: expect.stringMatching(new RegExp(`^differs at index ${index}: `)) });

  const csv = await signet(['record', 'export', '--format', 'csv', '--action', 'MessageRevoke', '--target', message]);
  expect(csv.stdout.split('\r\n')).toHaveLength(3);
  expect(csv.stdout).toContain('Wrong attachment');
});

test('a record is read and proved by its id, under the kept key and no other one', async () => {
  const listed = JSON.parse((await signet(['record', 'list', '--action', 'MessageRevoke', '--json'])).stdout) as {
    items: { id: string }[];
  };
  const id = String(listed.items[0]?.id);
  expect(JSON.parse((await signet(['record', 'show', id])).stdout)).toEqual(listed.items[0]);
  expect(await signet(['record', 'show', randomUUID()])).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
  const key = (await signet(['log', 'key', '--stream', 'admin'])).stdout.trim();
  expect(await signet(['record', 'prove', id, '--key', key])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ok record \d+ of \d+\n$/),
    stderr: '',
  });
  const other = (await signet(['log', 'key', '--stream', 'audit'])).stdout.trim();
  expect(await signet(['record', 'prove', id, '--key', other])).toMatchObject({ code: 1, stdout: '' });
});

test('the log of admin records is followed from where it was left', async () => {
  const first = await signet(['record', 'follow', '--limit', '2']);
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('Next time: --after 1\n') });
  const next = await signet(['record', 'follow', '--after', '1', '--limit', '1']);
  const indexes = (first.stdout + next.stdout)
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { logIndex: number }).logIndex);
  expect(indexes).toEqual([0, 1, 2]);
});
