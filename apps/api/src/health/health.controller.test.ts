import { problemTypeOf } from '@signet/api-contract/problem';
import { withoutDatabase } from '@signet/db/testing/database-outage';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';

const api = await startTestApi();

test('a running process is alive, and ready while database, storage and keys are there', async () => {
  const live = await fetch(`${api.url}/health/live`);
  expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await fetch(`${api.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { database: 'ok', blobStore: 'ok', keys: 'ok' } }]);
});

test('a database without the migrations this version needs makes the process unready, and the log says why', async () => {
  await asSuperuser(api.settings.DATABASE_URL, "update _prisma_migrations set migration_name = 'x' || migration_name");
  const ready = await fetch(`${api.url}/health/ready`);
  await asSuperuser(api.settings.DATABASE_URL, 'update _prisma_migrations set migration_name = substr(migration_name, 2)');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: 'unavailable', checks: { database: 'unavailable', keys: 'ok' } });
  expect(api.logLines.join('')).toContain('lacks migrations');
});

test('an unknown path answers the one 404, and the description and its page are served from here alone', async () => {
  const unknown = await fetch(`${api.url}/nothing`);
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('content-type')).toContain('application/problem+json');
  expect(await unknown.json()).toEqual({
    type: problemTypeOf('not_found'),
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'Not found',
  });
  const description = (await (await fetch(`${api.url}/openapi.json`)).json()) as { openapi: string };
  expect(description.openapi).toBe('3.1.0');
  const page = await fetch(`${api.url}/docs`);
  expect(page.status).toBe(200);
  expect(await page.text()).not.toMatch(/https?:\/\/(?!localhost|127)/);
});

test('while the database is away every route that needs it answers 503 and says when to try again', async () => {
  const acme = await createTestOrganization(api);
  await withoutDatabase(api.settings.DATABASE_URL, async () => {
    for (const path of ['/v1/configuration', '/v1/messages', '/v1/api-keys'] as const) {
      const answer = await ask(api, `GET ${path}`, { key: acme.apiKey });
      expect([answer.status, answer.body['code']]).toEqual([503, 'unavailable']);
      expect(answer.headers.get('retry-after')).toBe('5');
    }
  });
  expect((await ask(api, 'GET /v1/configuration', { key: acme.apiKey })).status).toBe(200);
  expect((await ask(api, 'GET /v1/api-keys', { key: acme.apiKey })).status).toBe(200);
});
