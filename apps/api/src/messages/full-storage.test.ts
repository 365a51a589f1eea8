import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fullAfter } from '@signet/vault/testing/full-blob-store';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, sampleMail } from '../testing/test-organization.ts';

test('when the storage fills up during a message the answer is 503, its beginning is removed, and its key is free for the next try', async () => {
  const api = await startTestApi({}, (store) => fullAfter(store, 30_000));
  const { apiKey: key } = await createTestOrganization(api);
  const large = `${sampleMail()}\r\n${randomBytes(200_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
  const envelope = { sender: 'alice@acme.example', recipients: ['bob@example.net'] };
  const headers = { 'idempotency-key': 'once' };
  const answers = [
    await ask(api, 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net', { key, headers, body: large }),
    await ask(api, 'POST /v1/messages', { key, headers, body: { ...envelope, raw: Buffer.from(large).toString('base64') } }),
  ];
  for (const answer of answers)
    expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
  expect(await api.database.system.query('select 1 from message')).toEqual([]);
  expect(await blobsOf(api.settings.BLOB_URL)).toHaveLength(0);

  const small = await ask(api, 'POST /v1/messages', {
    key,
    headers,
    body: { ...envelope, raw: Buffer.from(sampleMail()).toString('base64') },
  });
  expect(small.status).toBe(202);
  expect(await blobsOf(api.settings.BLOB_URL)).toHaveLength(1);
});

async function blobsOf(url: string) {
  const found = await readdir(fileURLToPath(url), { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile());
}
