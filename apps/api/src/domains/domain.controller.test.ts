import { once } from 'node:events';
import { createServer, Packet } from 'dns2';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

/** What the DNS says: the pieces of each TXT record, by name. Null: its server is broken. */
const records = new Map<string, string[][] | null>();
const dns = createServer({
  udp: true,
  handle: (request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    const found = records.get(question?.name ?? '');
    if (found === null) response.header.rcode = Packet.RCODE.SERVFAIL;
    else if (found === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN;
    for (const data of found ?? []) if (question) response.answers.push(Packet.createResourceFromQuestion(question, { ttl: 1, data }));
    void send(response);
  },
});
void dns.listen({ udp: { port: 0, address: '127.0.0.1' } });
await once(dns, 'listening');
afterAll(() => dns.close());
const port = dns.addresses().udp?.port ?? 0;

const api = await startTestApi({ DNS_SERVERS: `127.0.0.1:${port}` });
const acme = await createTestOrganization(api, 'acme');
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;
beforeEach(() => records.clear());

interface Shown {
  readonly domain: string;
  readonly verifiedAt: string | null;
  readonly challenge: { readonly name: string; readonly value: string } | null;
  readonly dkimKeys: readonly {
    readonly id: string;
    readonly selector: string;
    readonly active: boolean;
    readonly record: { name: string; value: string };
  }[];
}
const shown = (body: unknown): Shown => body as Shown;
const domainsOf = async (apiKey: string) => (await ask(api, 'GET /v1/domains', { key: apiKey })).body['items'] as Shown[];
const claim = (domain: string, apiKey = key) => ask(api, 'POST /v1/domains', { key: apiKey, body: { domain } });
const verify = (domain: string, apiKey = key) => ask(api, `POST /v1/domains/${domain}/verification`, { key: apiKey });

/** A domain of Acme's that the DNS proves. */
async function proved(domain: string): Promise<void> {
  const { challenge } = shown((await claim(domain)).body);
  records.set(challenge?.name ?? '', [[challenge?.value ?? '']]);
  expect((await verify(domain)).status).toBe(200);
}

function submit(domain: string) {
  return ask(api, `POST /v1/messages?sender=ann@${domain}&recipient=bob@example.net`, {
    key,
    headers: { 'content-type': 'message/rfc822' },
    body: 'Subject: s\r\n\r\nText\r\n',
  });
}

test('a domain counts once the DNS proves it, and not before', async () => {
  const claimed = await claim('new.example');
  expect(claimed.status).toBe(201);
  const { challenge, verifiedAt } = shown(claimed.body);
  expect(verifiedAt).toBeNull();
  expect(challenge).toEqual({ type: 'TXT', name: '_signet.new.example', value: expect.stringMatching(/^signet-verification=[\w-]{27}$/) });
  expect((await submit('new.example')).body['code']).toBe('sender_not_allowed');

  const none = await verify('new.example');
  expect([none.status, none.body['code']]).toEqual([409, 'domain_not_proved']);
  expect(none.body['detail']).toBe('_signet.new.example has no TXT record. A new one can take hours to be seen');
  records.set('_signet.new.example', [['v=other'], ['more']]);
  expect((await verify('new.example')).body['detail']).toBe('_signet.new.example has no such TXT record; it says "v=other"');
  expect((await submit('new.example')).body['code']).toBe('sender_not_allowed');

  const value = challenge?.value ?? '';
  records.set('_signet.new.example', [['v=other'], [value.slice(0, 5), value.slice(5)]]);
  const done = await verify('new.example');
  expect(done.status).toBe(200);
  expect(shown(done.body)).toMatchObject({ domain: 'new.example', challenge: null, verifiedAt: expect.any(String) });
  expect((await submit('new.example')).status).toBe(202);
  records.clear();
  expect((await verify('new.example')).status).toBe(200);
});

test('while the DNS does not answer nothing is said of the domain, and trying again is safe', async () => {
  await claim('silent.example');
  records.set('_signet.silent.example', null);
  const answer = await verify('silent.example');
  expect([answer.status, answer.body['code']]).toEqual([503, 'unavailable']);
  expect(answer.body['detail']).toContain('The DNS does not answer for _signet.silent.example now (ESERVFAIL)');
});

test('of two organizations the one that proves a domain has it', async () => {
  const ours = shown((await claim('both.example')).body).challenge?.value ?? '';
  const theirs = shown((await claim('both.example', globex.apiKey)).body).challenge?.value ?? '';
  expect(theirs).not.toBe(ours);
  records.set('_signet.both.example', [[ours]]);
  expect((await verify('both.example', globex.apiKey)).body['code']).toBe('domain_not_proved');
  expect((await verify('both.example')).status).toBe(200);
  records.set('_signet.both.example', [[theirs]]);
  const late = await verify('both.example', globex.apiKey);
  expect([late.status, late.body['code']]).toEqual([409, 'domain_taken']);
  expect((await domainsOf(key)).some(({ domain, verifiedAt }) => domain === 'both.example' && verifiedAt !== null)).toBe(true);
  expect((await domainsOf(globex.apiKey)).find(({ domain }) => domain === 'both.example')?.verifiedAt).toBeNull();
});

test('a domain that is there, is none, or is one too many is refused with its reason', async () => {
  expect((await claim('acme.example')).body['code']).toBe('name_taken');
  await claim('twice.example');
  expect((await claim('twice.example')).body['code']).toBe('name_taken');
  for (const bad of [
    '',
    'acme',
    'Upper.example',
    'a..b',
    'münchen.example',
    '-a.example',
    'a b.example',
    `${'a'.repeat(64)}.example`,
    '*.example',
  ]) {
    const answer = await claim(bad);
    expect([bad, answer.status]).toEqual([bad, 400]);
    expect((answer.body['errors'] as { pointer: string }[])[0]?.pointer).toBe('/domain');
  }
});

test('a removed domain sends no more; the last one, and one that bounces come back to, stay', async () => {
  await proved('gone.example');
  expect((await submit('gone.example')).status).toBe(202);
  expect((await ask(api, 'DELETE /v1/domains/gone.example', { key })).status).toBe(204);
  expect((await submit('gone.example')).body['code']).toBe('sender_not_allowed');
  expect((await ask(api, 'DELETE /v1/domains/gone.example', { key })).status).toBe(404);

  await proved('bounces.example');
  await ask(api, 'PATCH /v1/configuration', { key, body: { bounceDomain: 'in.bounces.example' } });
  const needed = await ask(api, 'DELETE /v1/domains/bounces.example', { key });
  expect([needed.status, needed.body['code'], needed.body['detail']]).toEqual([
    409,
    'domain_needed',
    'Bounces come back to it: set another bounce domain first',
  ]);
  await ask(api, 'PATCH /v1/configuration', { key, body: { bounceDomain: null } });
  expect((await ask(api, 'DELETE /v1/domains/bounces.example', { key })).status).toBe(204);
  const last = await ask(api, 'DELETE /v1/domains/globex.example', { key: globex.apiKey });
  expect([last.status, last.body['code']]).toEqual([409, 'domain_needed']);
  // A claim is no domain: taking it back needs nothing.
  await claim('claim.example');
  expect((await ask(api, 'DELETE /v1/domains/claim.example', { key })).status).toBe(204);
});

test('a key signs once the DNS has its record, one at a time, and its private half is nowhere to be read', async () => {
  await proved('signed.example');
  const newKey = async () => shown({ dkimKeys: [(await ask(api, 'POST /v1/domains/signed.example/dkim-keys', { key })).body] }).dkimKeys[0];
  const first = await newKey();
  expect(first).toMatchObject({ active: false, record: { name: `${first?.selector}._domainkey.signed.example` } });
  expect(first?.record.value).toMatch(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{390,}={0,2}$/);
  const activate = (id: string | undefined) => ask(api, `POST /v1/domains/signed.example/dkim-keys/${id}/activation`, { key });
  expect((await activate(first?.id)).body['code']).toBe('dkim_not_published');

  const second = await newKey();
  // Another key's record, and one that somebody revoked, are not this one's.
  for (const value of [second?.record.value ?? '', 'v=DKIM1; k=rsa; p=']) {
    records.set(first?.record.name ?? '', [[value.slice(0, 200), value.slice(200)]]);
    expect((await activate(first?.id)).body['code']).toBe('dkim_not_published');
  }
  for (const each of [first, second]) {
    const value = each?.record.value.replace('p=', 'p= ') ?? '';
    records.set(each?.record.name ?? '', [[value.slice(0, 255), value.slice(255)]]);
    const active = await activate(each?.id);
    expect(shown(active.body).dkimKeys.map(({ id, active: signs }) => [id, signs])).toEqual([
      [first?.id, each === first],
      [second?.id, each === second],
    ]);
  }
  for (let count = 2; count < 5; count += 1) await newKey();
  expect((await ask(api, 'POST /v1/domains/signed.example/dkim-keys', { key })).body['code']).toBe('too_many');
  expect((await ask(api, `DELETE /v1/domains/signed.example/dkim-keys/${second?.id}`, { key })).status).toBe(204);
  expect((await activate(second?.id)).status).toBe(404);
  const everything = JSON.stringify(await api.database.system.query('select * from dkim_key'));
  expect(everything).not.toContain('PRIVATE KEY');
});

test('only a proved domain has keys', async () => {
  await claim('unproved.example');
  expect((await ask(api, 'POST /v1/domains/unproved.example/dkim-keys', { key })).status).toBe(404);
});

test('each change leaves a record, and so does what was refused', async () => {
  await claim('record.example');
  await verify('record.example');
  await ask(api, 'DELETE /v1/domains/record.example', { key });
  await ingestAll(api);
  const { body } = await ask(api, 'GET /v1/admin-records?target=record.example', { key });
  expect((body['items'] as { action: string; status: string }[]).map(({ action, status }) => [action, status])).toEqual([
    ['DomainRemove', 'Success'],
    ['DomainVerify', 'Failure'],
    ['DomainClaim', 'Success'],
  ]);
});
