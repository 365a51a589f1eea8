import { createHash, X509Certificate } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority, createCertificate, type TestCertificate } from './testing/certificates.ts';
import { RawSession } from './testing/raw-session.ts';
import { filesUnder } from './testing/spawned-gateway.ts';
import { mail, startTestGateway, storedMessages, type TestGateway } from './testing/test-gateway.ts';

const own = await createCertificate(['localhost']);
const authority = await createAuthority();
const tls = { cert: own.cert, key: own.key, ca: authority.cert };

interface Trusted {
  readonly kind: 'network' | 'certificate';
  readonly value: string;
  readonly header?: readonly [name: string, value: string];
  readonly of?: 'acme' | 'globex';
}

async function addTrust(gateway: TestGateway, { kind, value, header, of = 'acme' }: Trusted): Promise<string> {
  const [row] = await gateway.database.system.query<{ id: string }>(
    `insert into submission_trust (organization_id, id, name, kind, value, required_header, required_value_hash)
     values ($1, gen_random_uuid(), 'a trust', $2, $3, $4, $5) returning id`,
    [gateway[of].id, kind, value, header?.[0] ?? null, header ? createHash('sha256').update(header[1]).digest() : null],
  );
  return row?.id ?? '';
}

async function revoke({ database }: TestGateway, id: string): Promise<void> {
  await database.system.query('update submission_trust set revoked_at = now() where id = $1', [id]);
}

interface From {
  readonly address?: string;
  readonly certificate?: TestCertificate;
  /** A TLS session to take up again. */
  readonly session?: Buffer;
}

/** Connects as a mail system does: from its address, over TLS, with its certificate. */
async function arrive(
  { port }: TestGateway,
  { address, certificate, session }: From = {},
): Promise<{ session: RawSession; socket: TLSSocket }> {
  const plain = await RawSession.open(port, '127.0.0.1', address);
  await plain.ask('EHLO mail.acme.example');
  return plain.startTls({ ca: own.cert, servername: 'localhost', ...certificate, ...(session ? { session } : {}) });
}

const ALICE = 'MAIL FROM:<alice@acme.example>';

/** What MAIL as Alice is answered. */
async function mailAnswer(gateway: TestGateway, from: From): Promise<string> {
  const { session } = await arrive(gateway, from);
  return session.ask(ALICE);
}

const fingerprintOf = ({ cert }: TestCertificate) => new X509Certificate(cert).fingerprint256;

test('mail from a trusted network over TLS is taken for its organization’s domains, and the trail names the trust', async () => {
  const gateway = await startTestGateway({ tls });
  const id = await addTrust(gateway, { kind: 'network', value: '127.0.0.64/27' });
  const { session } = await arrive(gateway, { address: '127.0.0.70' });
  expect(await session.send('alice@ACME.example', ['bob@example.net'], mail(['Message-ID: <a@acme.example>']))).toBe(
    '250 2.0.0 Accepted <a@acme.example>',
  );
  expect(await session.ask('MAIL FROM:<gil@globex.example>')).toMatch(/^550 5\.7\.1 /);
  expect(await session.ask('MAIL FROM:<alice@sub.acme.example>')).toMatch(/^550 5\.7\.1 /);
  expect(await mailAnswer(gateway, { address: '127.0.0.96' })).toMatch(/^530 5\.7\.0 /);
  expect(await storedMessages(gateway.database)).toMatchObject([{ organization_id: gateway.acme.id, sender: 'alice@acme.example' }]);
  const [event] = await gateway.database.system.query<{ payload: unknown }>(
    "select payload from outbox where payload::text like '%MessageSend%'",
  );
  expect(JSON.stringify(event?.payload)).toContain(id);
});

test('a network that two organizations trust sends for each of them by the sender’s domain, and a trust ends for one of them alone', async () => {
  const gateway = await startTestGateway({ tls });
  await addTrust(gateway, { kind: 'network', value: '127.0.0.0/8' });
  const globex = await addTrust(gateway, { kind: 'network', value: '127.0.0.0/8', of: 'globex' });
  const { session } = await arrive(gateway);
  expect(await session.send('alice@acme.example', ['bob@example.net'], mail([], 'from Acme'))).toMatch(/^250 /);
  expect(await session.send('gil@globex.example', ['bob@example.net'], mail([], 'from Globex'))).toMatch(/^250 /);
  expect((await storedMessages(gateway.database)).map((message) => message.organization_id)).toEqual([gateway.acme.id, gateway.globex.id]);
  await revoke(gateway, globex);
  expect(await session.ask('MAIL FROM:<gil@globex.example>')).toMatch(/^550 5\.7\.1 /);
  expect(await session.ask(ALICE)).toMatch(/^250 /);
});

test('a trust that is revoked between two messages of a session ends it, and who signs in on the session may go on', async () => {
  const gateway = await startTestGateway({ tls });
  const id = await addTrust(gateway, { kind: 'network', value: '127.0.0.1/32' });
  const { session } = await arrive(gateway);
  expect(await session.send('alice@acme.example', ['bob@example.net'], mail([], 'one'))).toMatch(/^250 /);
  await revoke(gateway, id);
  expect(await session.ask(ALICE)).toMatch(/^530 5\.7\.0 /);
  const { username, password } = gateway.acme.smtp;
  expect(await session.ask(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`)).toMatch(/^235 /);
  expect(await session.send('alice@acme.example', ['bob@example.net'], mail([], 'two'))).toMatch(/^250 /);
});

test('without TLS a network is trusted on this machine alone', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((found) => found && !found.internal && found.family === 'IPv4')?.address;
  // On a machine without a network only the half about this machine can be seen.
  const host = outside ?? '127.0.0.1';
  const gateway = await startTestGateway({ tls, host });
  await addTrust(gateway, { kind: 'network', value: `${host}/32` });
  const plain = await RawSession.open(gateway.port, host);
  await plain.ask('EHLO mail.acme.example');
  expect(await plain.ask(ALICE)).toMatch(outside === undefined ? /^250 / : /^530 5\.7\.0 Must issue a STARTTLS/);
  await plain.ask('RSET');
  const { session } = await plain.startTls({ ca: own.cert, servername: 'localhost' });
  expect(await session.ask(ALICE)).toMatch(/^250 /);
});

test('a certificate of a known authority is trusted by a host name in it, wildcards included, and one that says so of itself is not', async () => {
  const gateway = await startTestGateway({ tls });
  await addTrust(gateway, { kind: 'certificate', value: 'mail.protection.example' });
  const named = async (names: readonly string[], options: Parameters<typeof createCertificate>[1] = { authority }) =>
    (await mailAnswer(gateway, { certificate: await createCertificate(names, options) })).slice(0, 3);
  expect(await named(['other.example', 'Mail.Protection.example'])).toBe('250');
  expect(await named(['*.protection.example'])).toBe('250');
  expect(await named(['protection.example', '*.mail.protection.example', '*.example', 'xmail.protection.example'])).toBe('530');
  expect(await named(['a, DNS:mail.protection.example'])).toBe('530');
  expect(await named(['mail.protection.example'], {})).toBe('530');
  expect(await named(['mail.protection.example'], { authority: await createAuthority() })).toBe('530');
  expect(await named(['mail.protection.example'], { authority, expired: true })).toBe('530');
  expect((await mailAnswer(gateway, {})).slice(0, 3)).toBe('530');
});

test('a certificate is trusted by its fingerprint, whoever signed it, and no longer than it is valid', async () => {
  const gateway = await startTestGateway({ tls });
  const [good, expired, other] = [
    await createCertificate(['mail.acme.example']),
    await createCertificate(['mail.acme.example'], { expired: true }),
    await createCertificate(['mail.acme.example']),
  ];
  for (const certificate of [good, expired]) await addTrust(gateway, { kind: 'certificate', value: fingerprintOf(certificate) });
  expect(await mailAnswer(gateway, { certificate: good })).toMatch(/^250 /);
  expect(await mailAnswer(gateway, { certificate: expired })).toMatch(/^530 /);
  expect(await mailAnswer(gateway, { certificate: other })).toMatch(/^530 /);
});

test('a server’s certificate, the only kind that public authorities still give, is as good, and only with a known authority behind it', async () => {
  const gateway = await startTestGateway({ tls });
  const names = ['mail.protection.example'];
  await addTrust(gateway, { kind: 'certificate', value: 'mail.protection.example' });
  const answerTo = async (certificate: TestCertificate, ...above: TestCertificate[]) => {
    const cert = [certificate, ...above].map((one) => one.cert).join('\n');
    return (await mailAnswer(gateway, { certificate: { cert, key: certificate.key } })).slice(0, 3);
  };
  const between = await createAuthority({ above: authority, usage: 'serverAuth' });
  const forMail = await createAuthority({ above: authority, usage: 'emailProtection' });
  const stranger = await createAuthority();
  const usage = 'serverAuth';
  const underIt = await createCertificate(names, { authority: between, usage });
  expect(await answerTo(await createCertificate(names, { authority, usage }))).toBe('250');
  expect(await answerTo(underIt, between)).toBe('250');
  expect(await answerTo(underIt)).toBe('530');
  expect(await answerTo(await createCertificate(names, { usage }))).toBe('530');
  expect(await answerTo(await createCertificate(names, { authority: stranger, usage }), stranger)).toBe('530');
  expect(await answerTo(await createCertificate(names, { authority: { cert: authority.cert, key: stranger.key }, usage }), authority)).toBe(
    '530',
  );
  expect(await answerTo(await createCertificate(names, { authority, usage, expired: true }))).toBe('530');
  expect(await answerTo(await createCertificate(names, { authority: forMail, usage }), forMail)).toBe('530');
  expect(await answerTo(await createCertificate(names, { authority, usage: 'emailProtection' }))).toBe('530');
  const noAuthority = await createCertificate(['other.example'], { authority, usage });
  expect(await answerTo(await createCertificate(names, { authority: noAuthority, usage }), noAuthority)).toBe('530');
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a client that would take up an earlier %s session shows its certificate anew',
  async (version) => {
    const gateway = await startTestGateway({ tls });
    await addTrust(gateway, { kind: 'certificate', value: 'mail.protection.example' });
    const made = await createCertificate(['mail.protection.example'], { authority, usage: 'serverAuth' });
    const certificate = { ...made, minVersion: version, maxVersion: version };
    const first = await arrive(gateway, { certificate });
    expect(await first.session.ask(ALICE)).toMatch(/^250 /);
    const session = first.socket.getSession();
    const again = await arrive(gateway, { certificate, ...(session ? { session } : {}) });
    expect(again.socket.isSessionReused()).toBe(false);
    expect(await again.session.ask(ALICE)).toMatch(/^250 /);
  },
);

test('a message without the field that a trust asks for, or with another value or with two, is 550 and nothing of it is stored', async () => {
  const gateway = await startTestGateway({ tls });
  const id = await addTrust(gateway, { kind: 'network', value: '127.0.0.0/8', header: ['x-tenant', 'canary-tenant'] });
  const { session } = await arrive(gateway);
  const send = (...header: string[]) => session.send('alice@acme.example', ['bob@example.net'], mail([...header, 'Subject: s']));
  for (const header of [[], ['X-Tenant: other'], ['X-Tenant: canary-tenant', 'X-Tenant: other'], ['X-Tenant-Id: canary-tenant']]) {
    expect(await send(...header)).toMatch(/^550 5\.7\.1 A header field/);
  }
  expect(await storedMessages(gateway.database)).toEqual([]);
  expect(await filesUnder(gateway.blobFolder)).toEqual([]);
  const lastUse = async () => {
    const [row] = await gateway.database.system.query<{ last_used_at: Date | null }>(
      'select last_used_at from submission_trust where id = $1',
      [id],
    );
    return row?.last_used_at?.getTime() ?? null;
  };
  expect(await lastUse()).toBeNull();
  expect(await send('x-tenant:\r\n canary-tenant ')).toMatch(/^250 /);
  const used = await lastUse();
  expect(used).not.toBeNull();
  expect(await send('X-Tenant: canary-tenant', 'X-Other: 1')).toMatch(/^250 /);
  expect(await lastUse()).toBe(used);
  expect(gateway.logLines.join('')).not.toContain('canary-tenant');
});

test('of two trusts that hold, the one whose field the message carries lets it in', async () => {
  const gateway = await startTestGateway({ tls });
  await addTrust(gateway, { kind: 'network', value: '127.0.0.0/8', header: ['x-tenant', 'one'] });
  const second = await addTrust(gateway, { kind: 'network', value: '127.0.0.0/8', header: ['x-tenant', 'two'] });
  const { session } = await arrive(gateway);
  expect(await session.send('alice@acme.example', ['bob@example.net'], mail(['X-Tenant: two']))).toMatch(/^250 /);
  const used = await gateway.database.system.query('select id from submission_trust where last_used_at is not null');
  expect(used).toEqual([{ id: second }]);
});

test('a trusted mail system counts as a stranger no longer, and its own bounces are taken as any other’s', async () => {
  const gateway = await startTestGateway({ tls, strangersPerNetwork: 1, signInMilliseconds: 6_000 });
  await addTrust(gateway, { kind: 'network', value: '127.0.0.1/32' });
  const { session } = await arrive(gateway);
  expect(await session.ask(ALICE)).toMatch(/^250 /);
  const other = await RawSession.open(gateway.port);
  expect(await other.ask('EHLO stranger.example')).toMatch(/^250/);
  // The stranger is sent away for its silence; the mail system came before it, and is still there.
  expect(await other.answer()).toMatch(/^421 4\.7\.0 /);
  expect(await session.ask('RSET')).toMatch(/^250 /);
  expect(await session.ask('MAIL FROM:<>')).toMatch(/^250 /);
  expect(await session.ask('RCPT TO:<bob@example.net>')).toMatch(/^550 5\.7\.1 Only mail that could not be delivered/);
});
