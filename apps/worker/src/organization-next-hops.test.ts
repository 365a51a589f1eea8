import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { removeNextHop } from '@signet/db/next-hop';
import { setMember } from '@signet/db/organization';
import { generate } from 'selfsigned';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { nameNextHop } from './testing/named-next-hop.ts';
import { askForPasscode, mailLink } from './testing/ordered-mail.ts';
import { acceptPassing, asItCame } from './testing/passing-message.ts';
import { openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };

/** What became of the mail to an address: its state, and what was said. */
async function fateOf({ system }: TestWorker, address: string): Promise<string> {
  const [row] = await system.query<{ state: string; said: string | null }>(
    'select delivery_state as state, last_response as said from recipient where address = $1',
    [address],
  );
  return `${row?.state}: ${row?.said}`;
}

const reaches = (worker: TestWorker, address: string, fate: RegExp) =>
  vi.waitFor(async () => expect(await fateOf(worker, address)).toMatch(fate), patience);

const toOf = ({ mails }: Awaited<ReturnType<typeof startNextHop>>) => mails.map(({ to }) => to).toSorted();

test('mail outside goes by the organization’s relay, what passes inside byte for byte to its own mail server, and a mail that neither is for to the installation’s', async () => {
  const [installation, relay, inside] = [await startNextHop(), await startNextHop(), await startNextHop()];
  const worker = await openTestWorker({ nextHopUrl: installation.url });
  await worker.system.query(`update organization set bounce_domain = 'bounces.acme.example' where id = $1`, [worker.organization.id]);
  await nameNextHop(worker, { url: inside.url, domain: 'acme.example' });
  await nameNextHop(worker, { url: relay.url, domain: '*.example.net' });
  await acceptPassing(worker, 'inside', ['bob@acme.example', 'carol@ACME.example', 'dan@mail.example.net', 'eve@example.org']);
  worker.run();
  for (const address of ['dan@mail.example.net', 'eve@example.org']) await reaches(worker, address, /^sent/);
  for (const address of ['bob@acme.example', 'carol@ACME.example']) await reaches(worker, address, /^passed/);
  expect([installation, relay, inside].map(toOf)).toEqual([
    ['eve@example.org'],
    ['dan@mail.example.net'],
    ['bob@acme.example', 'carol@acme.example'],
  ]);
  expect(inside.mails.every(({ bytes }) => bytes.equals(asItCame))).toBe(true);
  expect(relay.mails[0]?.from).toMatch(/@bounces\.acme\.example$/);
}, 180_000);

test('codes and links that let somebody in go by the installation’s next hop, wherever the organization has its other mail go', async () => {
  const [installation, relay] = [await startNextHop(), await startNextHop()];
  const worker = await openTestWorker({ nextHopUrl: installation.url });
  await nameNextHop(worker, { url: relay.url });
  const { recipients } = await worker.accept(['bob@example.net']);
  await askForPasscode(worker, recipients[0]?.id ?? '', '12345678');
  const scope = worker.database.forOrganization(worker.organization.id);
  const member = { email: 'mia@acme.example', role: 'auditor', passwordHash: 'none' } as const;
  await mailLink(worker, await scope.administer((tx) => setMember(tx, member)));
  worker.run();
  await vi.waitFor(() => expect(toOf(installation)).toEqual(['bob@example.net', 'mia@acme.example']), patience);
  await vi.waitFor(() => expect(toOf(relay)).toEqual(['bob@example.net']), patience);
  expect(relay.mails[0]?.raw).not.toContain('12345678');
  expect(installation.mails.map(({ raw }) => raw).join('')).toContain('12345678');
});

test('a next hop that was changed takes the next mail, and one that was removed none', async () => {
  const [installation, first, second] = [await startNextHop(), await startNextHop(), await startNextHop()];
  const worker = await openTestWorker({ nextHopUrl: installation.url });
  const { id } = await nameNextHop(worker, { url: first.url });
  worker.run();
  const send = async (address: string) => {
    await worker.accept([address]);
    await reaches(worker, address, /^sent/);
  };
  await send('a@example.net');
  await nameNextHop(worker, { url: second.url, id });
  await send('b@example.net');
  await worker.database.forOrganization(worker.organization.id).transaction((tx) => removeNextHop(tx, id));
  await send('c@example.net');
  expect([first, second, installation].map(toOf)).toEqual([['a@example.net'], ['b@example.net'], ['c@example.net']]);
});

test('one that is away holds its own mails up and nobody else’s; they go out once it is back, and one that refuses has the mail bounce', async () => {
  const installation = await startNextHop();
  const back = await startNextHop();
  const refusing = await startNextHop(() => '550 5.1.1 Nobody');
  const worker = await openTestWorker({ nextHopUrl: installation.url });
  const { id } = await nameNextHop(worker, { url: 'smtp://127.0.0.1:1', domain: 'away.example' });
  await nameNextHop(worker, { url: refusing.url, domain: 'refusing.example' });
  const away = Array.from({ length: 25 }, (_, index) => `a${index}@away.example`);
  await worker.accept([...away, 'bob@example.net', 'dan@refusing.example']);
  worker.run();
  await reaches(worker, 'bob@example.net', /^sent/);
  await reaches(worker, 'dan@refusing.example', /^bounced: 550 5\.1\.1 Nobody/);
  for (const address of away) await reaches(worker, address, /^deferred: .*ECONNREFUSED/);
  await nameNextHop(worker, { url: back.url, domain: 'away.example', id });
  await passTime(worker);
  await vi.waitFor(() => expect(new Set(toOf(back))).toEqual(new Set(away)), patience);
  expect(toOf(installation)).toEqual(['bob@example.net']);
});

test('while a password cannot be opened the mail waits, and goes nowhere else', async () => {
  const [installation, relay] = [await startNextHop(), await startNextHop()];
  const worker = await openTestWorker({ nextHopUrl: installation.url });
  await nameNextHop(worker, { url: relay.url, username: 'acme', password: 'secret' });
  await worker.system.query(`update next_hop set sealed_password = '\\x00'`);
  await worker.accept(['bob@example.net']);
  worker.run();
  await reaches(worker, 'bob@example.net', /^deferred: The next hop cannot be used now/);
  expect([installation.begun(), relay.begun()]).toEqual([0, 0]);
});

test('where no next hop may be, nobody connects, by an address or by a name that leads there', async () => {
  let connections = 0;
  const door = createServer(() => void (connections += 1)).listen(0, '127.0.0.1');
  await once(door, 'listening');
  onTestFinished(() => void door.close());
  const { port } = door.address() as AddressInfo;
  const worker = await openTestWorker({ networks: ['10.0.0.0/8'] });
  const hosts = { 'a.example': '127.0.0.1', 'b.example': 'localhost', 'c.example': '2130706433', 'd.example': '::ffff:127.0.0.1' };
  for (const [domain, host] of Object.entries(hosts)) await nameNextHop(worker, { url: 'smtp://unused', host, port, domain });
  await worker.accept(Object.keys(hosts).map((domain) => `bob@${domain}`));
  worker.run();
  for (const domain of Object.keys(hosts)) await reaches(worker, `bob@${domain}`, /^deferred: .*NEXT_HOP_NETWORKS/);
  expect(connections).toBe(0);
});

/** A mail server with a certificate in the name of `localhost`, of an authority that this process knows, or of nobody. */
async function tlsServer(known: boolean, options: SMTPServerOptions = {}) {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const before = getCACertificates('default');
  if (known) setDefaultCACertificates([...before, made.cert]);
  onTestFinished(() => setDefaultCACertificates(before));
  const seen: { user: string | undefined; secure: boolean; to: string | undefined }[] = [];
  const signIns: string[] = [];
  const server = new SMTPServer({
    cert: made.cert,
    key: made.private,
    onAuth: ({ username, password }, _session, done) => {
      signIns.push(`${username} ${password}`);
      done(null, { user: username });
    },
    onData: (stream, { user, secure, envelope }, done) => {
      stream.resume().on('end', () => {
        seen.push({ user, secure, to: envelope.rcptTo[0]?.address });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  return { url: `smtp://localhost:${(server.server.address() as AddressInfo).port}`, seen, signIns };
}

test.each([
  ['implicit', { secure: true }],
  ['required', {}],
] as const)('with TLS %s it signs in under TLS, where somebody vouches for the certificate', async (tls, options) => {
  const known = await tlsServer(true, options);
  const worker = await openTestWorker();
  await nameNextHop(worker, { url: known.url, tls, username: 'acme', password: 'pass wörd' });
  await worker.accept(['bob@example.net']);
  worker.run();
  await reaches(worker, 'bob@example.net', /^sent/);
  expect([known.seen, known.signIns]).toEqual([[{ user: 'acme', secure: true, to: 'bob@example.net' }], ['acme pass wörd']]);
});

test.each([
  ['implicit', { secure: true }],
  ['required', {}],
] as const)('with TLS %s nothing is told to a server that nobody vouches for, not even the password', async (tls, options) => {
  const unknown = await tlsServer(false, options);
  const worker = await openTestWorker();
  await nameNextHop(worker, { url: unknown.url, tls, username: 'acme', password: 'secret' });
  await worker.accept(['bob@example.net']);
  worker.run();
  await reaches(worker, 'bob@example.net', /^deferred: .*self-signed certificate/);
  expect([unknown.seen, unknown.signIns]).toEqual([[], []]);
});

test('with TLS required nothing goes to a server that offers none; where it may be left out, mail is encrypted for whoever offers it', async () => {
  const [bare, unknown] = [await startNextHop(), await tlsServer(false, { authOptional: true })];
  const worker = await openTestWorker();
  await nameNextHop(worker, { url: bare.url, domain: 'bare.example', tls: 'required' });
  await nameNextHop(worker, { url: unknown.url, domain: 'unknown.example', tls: 'opportunistic' });
  await worker.accept(['bob@bare.example', 'bob@unknown.example']);
  worker.run();
  await reaches(worker, 'bob@unknown.example', /^sent/);
  await reaches(worker, 'bob@bare.example', /^deferred/);
  expect([unknown.seen.map(({ secure }) => secure), bare.begun()]).toEqual([[true], 0]);
});
