import { readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask } from '../testing/test-organization.ts';
import { seedDemo } from './seed-demo.ts';

const api = await startTestApi();
const seedFile = join(tmpdir(), `signet-seed-${randomUUID()}.json`);
const settings = { ...api.settings, SEED_FILE: seedFile };

test('seeding writes what opens both organizations, for its owner’s eyes alone; a second time changes nothing; a lost file is made anew', async () => {
  const seed = await seedDemo(settings);
  expect(JSON.parse(await readFile(seedFile, 'utf8'))).toEqual(seed);
  expect((await stat(seedFile)).mode & 0o777).toBe(0o600);
  expect(seed.acme).toMatchObject({ organizationDomain: 'acme.example', admin: { email: 'admin@acme.example' } });
  expect(seed.globex.admin.password.length).toBeGreaterThanOrEqual(16);
  for (const { apiKey, admin, organizationDomain } of [seed.acme, seed.globex]) {
    expect((await ask(api, 'GET /v1/configuration', { key: apiKey })).body).toMatchObject({
      enablePortalTrackingLogs: true,
      requireSecondFactor: false,
      notifySenders: false,
      bounceDomain: `bounces.${organizationDomain}`,
    });
    expect((await ask(api, 'POST /v1/sessions', { headers: api.portalHeaders(), body: admin })).status).toBe(201);
  }

  expect(await seedDemo(settings)).toEqual(seed);
  await writeFile(seedFile, '{"acme":');
  const anew = await seedDemo(settings);
  expect(anew.acme.apiKey).not.toBe(seed.acme.apiKey);
  expect((await ask(api, 'GET /v1/configuration', { key: anew.acme.apiKey })).status).toBe(200);
  const [count] = await api.database.system.query<{ count: number }>('select count(*) as count from organization');
  expect(count).toEqual({ count: 2 });
  // Six passwords are hashed here, slowly by design.
}, 30_000);

test('production is never seeded', async () => {
  await expect(seedDemo({ ...settings, SIGNET_MODE: 'production' })).rejects.toThrow('SIGNET_MODE=demo');
});
