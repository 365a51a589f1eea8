import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newId } from './database.ts';
import { findNextHop, putNextHop, removeNextHop } from './next-hop.ts';
import { seedOrganization } from './testing/seed-organization.ts';
import { openTestDatabase } from './testing/test-database.ts';

const createKey = () => Promise.resolve({ keyId: newId(), providerKeyId: 'local:x', wrappedKey: randomBytes(8) });

test('a mail goes to the next hop of its domain, else of the nearest domain above it, else to the one for all others, and never to another organization’s', async () => {
  const database = await openTestDatabase();
  const [acme, globex] = await Promise.all(
    ['acme.example', 'globex.example'].map(async (domain) =>
      database.forOrganization((await seedOrganization(database, { createKey, domain })).id),
    ),
  );
  if (!acme || !globex) throw new Error('Two were seeded');
  const rules = [null, 'acme.example', '*.acme.example', '*.lab.acme.example', 'x.lab.acme.example'];
  await acme.transaction(async (tx) => {
    for (const domain of rules)
      await putNextHop(tx, { id: newId(), domain, host: domain ?? 'all', port: 25, tls: 'required', username: null }, null);
  });
  const hostFor = async (domain: string) => (await findNextHop(acme, domain))?.host ?? null;
  const expected = {
    'acme.example': 'acme.example',
    'mail.acme.example': '*.acme.example',
    'a.b.acme.example': '*.acme.example',
    'lab.acme.example': '*.acme.example',
    'y.lab.acme.example': '*.lab.acme.example',
    'x.lab.acme.example': 'x.lab.acme.example',
    'notacme.example': 'all',
    'example.net': 'all',
    '': 'all',
  };
  const found = await Promise.all(Object.keys(expected).map(async (domain) => [domain, await hostFor(domain)]));
  expect(Object.fromEntries(found)).toEqual(expected);
  expect(await findNextHop(globex, 'acme.example')).toBeNull();
  const all = await findNextHop(acme, 'example.net');
  await acme.transaction((tx) => removeNextHop(tx, all?.id ?? ''));
  expect(await hostFor('example.net')).toBeNull();
});
