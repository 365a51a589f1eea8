import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { dkimVerify } from 'mailauth';
import { expect, test } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
});

/** Gives acme.example a key that signs. */
async function addKey({ database, organization, vault, system }: TestWorker): Promise<void> {
  const organizationKey = await findActiveKey(database.forOrganization(organization.id));
  const id = newId();
  const sealed = await vault.sealSecret(organizationKey, { organizationId: organization.id, purpose: 'dkim-key', id }, pair.privateKey);
  await system.query(
    `insert into dkim_key (organization_id, id, domain, selector, public_key, sealed_private_key, organization_key_id, active)
     values ($1, $2, 'acme.example', 'signet-test', $3, $4, $5, true)`,
    [organization.id, id, pair.publicKey.toString('base64'), Buffer.from(sealed), organizationKey.keyId],
  );
}

async function verified(raw: Buffer) {
  const { results } = await dkimVerify(raw, {
    resolver: async (name: string) => {
      if (name !== 'signet-test._domainkey.acme.example') throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
      return [[`v=DKIM1; k=rsa; p=${pair.publicKey.toString('base64')}`]];
    },
  });
  return results.map(({ status, signingDomain, selector }) => [status.result, signingDomain, selector]);
}

async function firstMailOf(worker: TestWorker, hop: Awaited<ReturnType<typeof startNextHop>>): Promise<Buffer> {
  await worker.accept(['bob@example.net']);
  worker.run();
  for (const deadline = Date.now() + 20_000; hop.mails.length === 0; await sleep(50))
    if (Date.now() > deadline) throw new Error('No mail came');
  return hop.mails[0]?.bytes ?? Buffer.alloc(0);
}

test('a wrapper mail is signed with its sender’s domain’s key, as another program sees it, and not once it is changed', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await addKey(worker);
  const mail = await firstMailOf(worker, hop);
  expect(await verified(mail)).toEqual([['pass', 'acme.example', 'signet-test']]);
  const changed = Buffer.from(mail.toString('latin1').replace('Subject: ', 'Subject: x'), 'latin1');
  expect(await verified(changed)).toEqual([['fail', 'acme.example', 'signet-test']]);
});

test('without an active key nothing is signed', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await addKey(worker);
  await worker.system.query('update dkim_key set active = false');
  expect((await firstMailOf(worker, hop)).toString()).not.toMatch(/^DKIM-Signature:/m);
});

test('while a domain’s key cannot be opened its mails wait', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await addKey(worker);
  await worker.system.query(`update dkim_key set sealed_private_key = '\\x00'`);
  await worker.accept(['bob@example.net']);
  worker.run();
  const stateOf = async () =>
    (await worker.system.query<{ state: string; said: string }>('select delivery_state as state, last_response as said from recipient'))[0];
  for (const deadline = Date.now() + 20_000; (await stateOf())?.state !== 'deferred'; await sleep(50))
    if (Date.now() > deadline) throw new Error('It was never tried');
  expect((await stateOf())?.said).toMatch(/^The mail cannot be made now: /);
  expect(hop.begun()).toBe(0);
});
