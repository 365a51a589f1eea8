import { once } from 'node:events';
import { readFile, rename, rm } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createServer, Packet } from 'dns2';
import { generate } from 'selfsigned';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { StoredNextHop } from '@signet/db/next-hop';
import { asSuperuser } from '@signet/db/testing/test-database';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { NameService } from '../domains/name-service.ts';
import { spawnApi } from '../testing/spawned-api.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';
import { domainChecks } from './domain-checks.ts';
import { find, ok } from './finding.ts';
import { foundationChecks, roomFinding } from './foundations.ts';
import { gatewayCheck, nextHopCheck } from './mail-server-checks.ts';
import { organizationNextHopsCheck } from './organization-next-hops-check.ts';

/** What the DNS says: by type and name. */
const records = new Map<string, readonly string[]>();
const dns = createServer({
  udp: true,
  handle: (request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    const type = Object.entries(Packet.TYPE).find(([, number]) => number === question?.type)?.[0] ?? '';
    const found = records.get(`${type} ${question?.name ?? ''}`);
    if (found === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN;
    for (const data of found ?? []) {
      const value = type === 'TXT' ? { data: data.match(/.{1,255}/g) ?? [] } : type === 'PTR' ? { domain: data } : { address: data };
      if (question) response.answers.push(Packet.createResourceFromQuestion(question, { ttl: 1, ...value }));
    }
    void send(response);
  },
});
void dns.listen({ udp: { port: 0, address: '127.0.0.1' } });
await once(dns, 'listening');
afterAll(() => dns.close());
const dnsServer = `127.0.0.1:${dns.addresses().udp?.port ?? 0}`;

const DAY = 86_400_000;
/** A certificate that ends in so many days: it ended before where they are fewer than none. */
async function certificate(days: number) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'mail.acme.example' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 90 * DAY),
    notAfterDate: new Date(Date.now() + days * DAY),
  });
  return { cert, key };
}

/** A real mail server. @returns its address as a URL without a scheme. */
async function mailServer(options: SMTPServerOptions): Promise<string> {
  const server = new SMTPServer({ authOptional: true, ...options });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  afterAll(() => new Promise<void>((done) => server.close(() => done())));
  return addressOf(server.server.address());
}

/** A server that takes connections and never says a word. */
async function silentServer(): Promise<string> {
  const server = createTcpServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => void server.close());
  return addressOf(server.address());
}

function addressOf(address: string | AddressInfo | null): string {
  if (address === null || typeof address === 'string') throw new Error('It listens on no port');
  return `127.0.0.1:${address.port}`;
}

const good = await mailServer(await certificate(80));
const api = await startTestApi({ DNS_SERVERS: dnsServer, API_GATEWAY_URL: `smtp://${good}`, SMTP_URL: `smtp://${good}` });
const acme = await createTestOrganization(api, 'acme');
const globex = await createTestOrganization(api, 'globex');
beforeEach(() => records.clear());

interface Report {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly found: string; readonly mend: string | null }[];
}

async function report(): Promise<Report> {
  const answer = await ask(api, 'GET /v1/health-report', { key: acme.apiKey });
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as Report;
}

/** What was found of one thing. */
async function checkOf(name: string) {
  const found = (await report()).checks.find((each) => each.name === name);
  if (!found) throw new Error(`${name} was not looked at`);
  return found;
}

/** A mail of an organization that was given up. */
const giveUp = (organizationId: string) =>
  api.database.system.query(
    `insert into outbox (organization_id, kind, payload, event_time, attempts, dead_at, last_error)
     values ($1, 'send-passcode-mail', jsonb_build_object('passcodeRequestId', gen_random_uuid(), 'sealedCode', 'c2VhbGVk'), clock_timestamp(), 6, clock_timestamp(), '451')`,
    [organizationId],
  );

/** Takes the newest migration back, as far as anybody can see, or puts it there again. */
const setNewestMigration = (applied: boolean) =>
  asSuperuser<{ migration_name: string }>(
    api.settings.DATABASE_URL,
    `update _prisma_migrations set rolled_back_at = ${applied ? 'null' : 'now()'}
     where migration_name = (select max(migration_name) from _prisma_migrations) returning migration_name`,
  );

describe('the report', () => {
  test('looks at everything, is as good as the worst of it, and says for each that is not good how to mend it', async () => {
    records.set('TXT acme.example', ['v=spf1 include:spf.example.org -all']);
    records.set('TXT _dmarc.acme.example', ['v=DMARC1; p=quarantine']);
    const { status, checks } = await report();
    expect(checks.map(({ name }) => name)).toEqual(
      'database clock keyProvider blobStorage queue gateway nextHop organizationNextHops portal spf dkim dmarc ptr'.split(' '),
    );
    const by = Object.fromEntries(checks.map((each) => [each.name, each]));
    for (const name of [
      'database',
      'clock',
      'keyProvider',
      'gateway',
      'nextHop',
      'organizationNextHops',
      'portal',
      'spf',
      'dmarc',
      'ptr',
    ]) {
      expect(by[name], name).toMatchObject({ status: 'ok', mend: null });
    }
    // No worker runs beside this api, and the demo's domain has no key.
    expect(by['queue']).toMatchObject({ status: 'warning', found: expect.stringContaining('No worker'), mend: expect.any(String) });
    expect(by['dkim']).toMatchObject({ status: 'warning', found: 'acme.example has no key that signs' });
    expect(by['blobStorage']?.found).toMatch(/GiB free/);
    expect(status).toBe(checks.some((each) => each.status === 'fault') ? 'fault' : 'warning');
    expect(JSON.stringify(checks)).not.toContain('globex');
  });

  test('counts what waits of the caller’s organization alone', async () => {
    await giveUp(globex.organizationId);
    expect((await checkOf('queue')).found).toContain('; 0 were given up');
    await giveUp(acme.organizationId);
    expect((await checkOf('queue')).found).toContain('; 1 were given up');
  });

  test('with the master key away the key provider is a fault, though what is in memory still opens', async () => {
    const file = fileURLToPath(api.settings.KEY_PROVIDER_URL);
    expect(await checkOf('keyProvider')).toMatchObject({ status: 'ok' });
    await rename(file, `${file}.away`);
    expect(await checkOf('keyProvider')).toMatchObject({
      status: 'fault',
      found: expect.stringContaining('cannot be read'),
      mend: expect.stringContaining('KEY_PROVIDER_URL'),
    });
    await rename(`${file}.away`, file);
    expect((await readFile(file)).length).toBe(32);
  });

  test('a migration that is missing is a fault that names it', async () => {
    const [last] = await setNewestMigration(false);
    expect(await checkOf('database')).toMatchObject({
      status: 'fault',
      found: expect.stringContaining(`lacks migrations: ${last?.migration_name}.`),
      mend: expect.stringContaining('run the migrate command'),
    });
    await setNewestMigration(true);
    expect(await checkOf('database')).toMatchObject({ status: 'ok' });
  });

  test.each([
    [5, 'warning'],
    [-5, 'warning'],
    [60, 'fault'],
    [-60, 'fault'],
  ])('a clock that is %i seconds off the database’s is a %s', async (seconds, status) => {
    const { database, vault, settings } = api;
    const { clock } = foundationChecks({ database, vault, organizationId: acme.organizationId, blobUrl: settings.BLOB_URL });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000, shouldAdvanceTime: false });
    onTestFinished(() => void vi.useRealTimers());
    expect(await find(clock)).toMatchObject({
      status,
      found: expect.stringMatching(/^This machine’s clock and the database’s are \d+\.\d s apart$/),
      mend: expect.stringContaining('NTP'),
    });
  });

  test('with the blob storage away it is a fault', async () => {
    const folder = fileURLToPath(api.settings.BLOB_URL);
    await rename(folder, `${folder}.away`);
    expect(await checkOf('blobStorage')).toMatchObject({ status: 'fault', mend: expect.stringContaining('BLOB_URL') });
    await rm(folder, { recursive: true, force: true });
    await rename(`${folder}.away`, folder);
  });

  test('what waits too long for the worker is a fault', async () => {
    await api.database.system.query(
      `insert into outbox (organization_id, kind, payload, event_time, next_attempt_at)
       select id, 'send-member-mail', '{}', clock_timestamp(), clock_timestamp() - interval '20 minutes' from organization limit 1`,
    );
    expect(await checkOf('queue')).toMatchObject({ status: 'fault', found: expect.stringMatching(/the oldest due for 1[12]\d\d s/) });
    await api.database.system.query("delete from outbox where kind = 'send-member-mail'");
  });
});

const makeRoom = expect.stringContaining('a full one takes no mail');
test.each([
  ['fault', 1.99, '2.0 GiB free, 1 % of the disk', makeRoom],
  ['warning', 2, '2.0 GiB free, 2 % of the disk', makeRoom],
  ['warning', 9.99, '10.0 GiB free, 9 % of the disk', makeRoom],
  ['ok', 10, '10.0 GiB free, 10 % of the disk', null],
] as const)('a disk is a matter of %s with %d per cent of it free', (status, percent, found, mend) => {
  const disk = { bsize: 4096, blocks: (100 * 1024 ** 3) / 4096, bavail: Math.round((percent * 1024 ** 3) / 4096) };
  expect(roomFinding(disk)).toEqual({ status, found, mend });
});

test('an api that cannot start says all that is missing at once, in the same words, and ends with 1', async () => {
  const missing = { DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/none', KEY_PROVIDER_URL: 'file:///nowhere/master.key' };
  const started = await spawnApi(api, missing).then(
    () => 'it started',
    (error: Error) => error.message,
  );
  expect(started).toContain('ended with 1:');
  expect(started).toContain('The api cannot start:');
  expect(started).toMatch(/database: .*ECONNREFUSED.*\n +See that PostgreSQL runs/);
  expect(started).toMatch(/keyProvider: .*\/nowhere\/master\.key.*\n +Put the master key back/);
  expect(started).not.toContain('secret@');
});

describe('a mail server', () => {
  test('whose certificate has expired or soon does, or that is not there, is named with what to do', async () => {
    const expired = await find(gatewayCheck(`smtp://${await mailServer(await certificate(-1))}`));
    expect(expired).toMatchObject({ status: 'fault', found: expect.stringContaining('expired on') });
    const soon = await find(gatewayCheck(`smtp://${await mailServer(await certificate(5))}`));
    expect(soon).toMatchObject({ status: 'warning', found: expect.stringContaining('expires on') });
    expect(await find(gatewayCheck(`smtp://${good}`))).toMatchObject({ status: 'ok', found: expect.stringMatching(/STARTTLS.* 79 days/) });
    expect(await find(nextHopCheck('smtp://127.0.0.1:1'))).toMatchObject({
      status: 'fault',
      found: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await find(nextHopCheck(undefined))).toMatchObject({ status: 'warning', mend: expect.stringContaining('SMTP_URL') });
  });

  test('with TLS from the first byte must show a certificate that somebody vouches for', async () => {
    const server = await mailServer({ ...(await certificate(80)), secure: true });
    expect(await find(nextHopCheck(`smtps://${server}`))).toMatchObject({ status: 'fault', found: expect.stringContaining('not trusted') });
  });

  test('on another machine without STARTTLS is warned of, and is a fault where it would be given a password', async () => {
    // This machine by an address that is not of the loopback: as one elsewhere is spoken to.
    const elsewhere = (await mailServer({ disabledCommands: ['STARTTLS'] })).replace('127.0.0.1', '0.0.0.0');
    const mend = expect.stringContaining('Switch TLS on');
    expect(await find(nextHopCheck(`smtp://${elsewhere}`))).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('in clear'),
      mend,
    });
    const withPassword = await find(nextHopCheck(`smtp://signet:secret@${elsewhere}`));
    expect(withPassword).toMatchObject({ status: 'fault', found: expect.stringContaining('SMTP_URL has a password: mail waits'), mend });
    expect(JSON.stringify(withPassword)).not.toContain('secret');
  });

  test('that refuses to talk is a fault with its words, and one that hangs is a fault in time', async () => {
    const busy = await mailServer({ onConnect: (_session, done) => done(new Error('Too busy')) });
    expect(await find(nextHopCheck(`smtp://${busy}`))).toMatchObject({ status: 'fault', found: expect.stringContaining('Too busy') });
    const hanging = await find(nextHopCheck(`smtp://${await silentServer()}`), 300);
    expect(hanging).toMatchObject({ status: 'fault', found: 'no answer within 0.3 s', mend: expect.stringContaining('SMTP_URL') });
  });
});

/** A next hop at a mail server. */
function hopAt(url: string, changes: Partial<StoredNextHop> = {}): StoredNextHop {
  const { hostname: host, port } = new URL(`smtp://${url}`);
  return { id: 'h', domain: null, host, port: Number(port), tls: 'required', username: null, ...changes };
}

function lookAt(hops: StoredNextHop[], networks = ['127.0.0.0/8']) {
  return find(organizationNextHopsCheck(async () => hops, networks));
}

describe('the organization’s next hops', () => {
  test('are each looked at as the worker will speak to them, and named by what they are for', async () => {
    const plain = await mailServer({ disabledCommands: ['STARTTLS'] });
    const late = await mailServer(await certificate(-1));
    expect(await lookAt([])).toMatchObject({ status: 'ok', found: expect.stringContaining('None') });
    expect(
      await lookAt([hopAt(good, { tls: 'opportunistic' }), hopAt(plain, { domain: 'a.example', tls: 'opportunistic' })]),
    ).toMatchObject({
      status: 'warning',
      found: expect.stringMatching(
        /^all other domains: answers EHLO with TLS; a\.example: answers EHLO without STARTTLS: mail goes there in clear$/,
      ),
    });
    expect(await lookAt([hopAt(good), hopAt(plain, { domain: 'a.example' }), hopAt(late, { domain: 'b.example' })])).toMatchObject({
      status: 'fault',
      found: expect.stringMatching(
        /: its certificate is not trusted .*; a\.example: answers EHLO without STARTTLS: mail waits; b\.example: .*expired/i,
      ),
    });
    expect(await lookAt([hopAt('127.0.0.1:1')])).toMatchObject({ status: 'fault', found: expect.stringContaining('ECONNREFUSED') });
  });

  test('are not knocked at where none may be', async () => {
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await lookAt([{ ...hopAt(good), host }], [])).toMatchObject({
        status: 'fault',
        found: expect.stringContaining('NEXT_HOP_NETWORKS'),
      });
  });
});

test('a check that never ends holds up nobody: it is a fault', async () => {
  const stuck = { mend: 'Push it.', run: () => new Promise<never>(() => undefined) };
  const findings = await Promise.all([find(stuck, 100), find({ mend: '', run: async () => ok('fine') }, 100)]);
  expect(findings).toEqual([
    { status: 'fault', found: 'no answer within 0.1 s', mend: 'Push it.' },
    { status: 'ok', found: 'fine', mend: null },
  ]);
});

describe('the DNS', () => {
  const key = { id: 'k', selector: 's1', publicKey: 'MIIB', createdAt: new Date(), active: true };
  const domain = { domain: 'mail.fern.example', verifiedAt: new Date(), challenge: null, dkimKeys: [key] };
  const look = (name: 'spf' | 'dkim' | 'dmarc' | 'ptr', nextHop?: string) =>
    find(domainChecks(new NameService([dnsServer]), async () => [domain], nextHop)[name]);

  test.each([
    ['spf', [], 'warning', 'has no SPF record'],
    ['spf', ['TXT mail.fern.example', 'v=spf1 mx -all', 'v=spf1 a -all'], 'fault', 'has 2 SPF records'],
    ['spf', ['TXT mail.fern.example', 'v=spf1 +all'], 'fault', '+all'],
    ['spf', ['TXT mail.fern.example', 'v=spf1 mx'], 'warning', 'v=spf1 mx'],
    ['spf', ['TXT mail.fern.example', 'other', 'v=spf1 mx ~all'], 'ok', 'v=spf1 mx ~all'],
    ['dkim', [], 'fault', 's1._domainkey.mail.fern.example does not have'],
    ['dkim', ['TXT s1._domainkey.mail.fern.example', 'v=DKIM1; k=rsa; p=MI IB'], 'ok', 'has the key'],
    ['dmarc', [], 'warning', 'has no DMARC record'],
    ['dmarc', ['TXT _dmarc.fern.example', 'v=DMARC1; p=none'], 'ok', '_dmarc.fern.example says'],
    ['dmarc', ['TXT _dmarc.mail.fern.example', 'v=DMARC1; rua=mailto:a@b.example'], 'fault', 'says'],
  ] as const)('%s with %j is %s: %s', async (name, [at, ...texts], status, found) => {
    if (at !== undefined) records.set(at, texts);
    expect(await look(name)).toMatchObject({ status, found: expect.stringContaining(found) });
  });

  test('the next hop’s address has a name that leads back to it, or is to get one', async () => {
    records.set('A smtp.fern.example', ['192.0.2.7']);
    expect(await look('ptr', 'smtp://smtp.fern.example:587')).toMatchObject({ status: 'warning', found: '192.0.2.7 has no name' });
    records.set('PTR 7.2.0.192.in-addr.arpa', ['mx.fern.example']);
    expect(await look('ptr', 'smtp://smtp.fern.example:587')).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('lead back'),
    });
    records.set('A mx.fern.example', ['192.0.2.7']);
    expect(await look('ptr', 'smtp://smtp.fern.example:587')).toMatchObject({ status: 'ok', found: '192.0.2.7 is mx.fern.example' });
    expect(await look('ptr', 'smtp://10.0.0.9')).toMatchObject({ status: 'ok' });
  });

  test('that does not answer is a fault, not “no record”', async () => {
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    // Nothing listens there over UDP.
    const names = new NameService([addressOf(silent.address())]);
    const spf = await find(domainChecks(names, async () => [domain], undefined).spf, 10_000);
    expect(spf).toMatchObject({
      status: 'fault',
      found: expect.stringContaining('The DNS does not answer'),
      mend: expect.stringContaining('DNS_SERVERS'),
    });
  });
});
