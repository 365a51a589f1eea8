import { generate } from 'selfsigned';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { FailureThrottle } from './failure-throttle.ts';
import { isLoopbackAddress } from './loopback-address.ts';
import { RawSession } from './testing/raw-session.ts';
import { mail, startTestGateway, storedMessages } from './testing/test-gateway.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('PLAIN and LOGIN sign in; a wrong secret and an unknown user get the same 535, and the log has neither secret nor unknown name', async () => {
  const { port, acme, globex, logLines, gateway } = await startTestGateway();
  const { username, password } = acme.smtp;
  const plain = (user: string, secret: string, authzid = '') => `AUTH PLAIN ${base64(`${authzid}\0${user}\0${secret}`)}`;
  const session = await RawSession.open(port);
  await session.ask('EHLO client.example');
  const answers = [
    await session.ask(plain(username, 'wrong-canary-secret')),
    await session.ask(plain('unknown-canary-user', password)),
    await session.ask(plain(username, globex.smtp.password)),
    await session.ask(plain(username, password, globex.smtp.username)),
    await session.ask(plain(username, '')),
  ];
  expect(new Set(answers)).toEqual(new Set(['535 5.7.8 Authentication credentials invalid']));
  expect(await session.ask('AUTH PLAIN !!!')).toMatch(/^501 /);
  expect(await session.ask('AUTH CRAM-MD5')).toMatch(/^504 /);
  expect(await session.ask('AUTH LOGIN')).toMatch(/^334 /);
  expect(await session.ask(base64(username))).toMatch(/^334 /);
  expect(await session.ask(base64(password))).toMatch(/^235 2\.7\.0 /);
  expect(await session.ask(plain(username, password))).toMatch(/^503 /);

  const log = logLines.join('');
  expect(log).toContain(acme.credentialId);
  for (const secret of ['wrong-canary-secret', 'unknown-canary-user', password, globex.smtp.password, base64(password)]) {
    expect(log).not.toContain(secret);
  }
  const metrics = await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text();
  expect(metrics).toContain('signet_gateway_sign_ins_total{outcome="wrong"} 5');
});

test('after ten failures a network is answered 421, right credentials included', async () => {
  const { port, acme } = await startTestGateway();
  for (let round = 0; round < 10; round += 1) {
    const session = await RawSession.open(port);
    await session.ask('EHLO client.example');
    expect(await session.ask(`AUTH PLAIN ${base64(`\0${acme.smtp.username}\0no`)}`)).toMatch(/^535 /);
    session.destroy();
  }
  const session = await RawSession.open(port);
  await session.ask('EHLO client.example');
  expect(await session.ask(`AUTH PLAIN ${base64(`\0${acme.smtp.username}\0${acme.smtp.password}`)}`)).toMatch(/^421 4\.7\.0 /);
  expect(await session.answer()).toBe('');
});

test('failures are counted per network and forgotten after their window', () => {
  let now = 0;
  const throttle = new FailureThrottle(() => now);
  for (let count = 0; count < 10; count += 1) throttle.add('192.0.2.1');
  expect([throttle.isBlocked('192.0.2.1'), throttle.isBlocked('192.0.2.2')]).toEqual([true, false]);
  now = 10 * 60_000;
  expect(throttle.isBlocked('192.0.2.1')).toBe(false);
});

test('only an address of this machine is a loopback address', () => {
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.2', '128.0.0.1', '::2', '10.127.0.1'].map(isLoopbackAddress)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('with a certificate STARTTLS is offered, mail goes over it, and what was said before it is forgotten', async () => {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const { port, acme, database } = await startTestGateway({ tls: { cert: pems.cert, key: pems.private } });
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    requireTLS: true,
    auth: { user: acme.smtp.username, pass: acme.smtp.password },
    tls: { ca: pems.cert, servername: 'localhost' },
  });
  const sent = await transport.sendMail({ from: 'alice@acme.example', to: 'bob@example.net', messageId: '<tls@acme.example>', text: 'x' });
  expect(sent.response).toBe('250 2.0.0 Accepted <tls@acme.example>');

  const session = await RawSession.signedIn(port, acme.smtp);
  session.write(`STARTTLS\r\nMAIL FROM:<alice@acme.example>\r\n`);
  expect(await session.answer()).toMatch(/^220 /);
  session.destroy();
  expect(await storedMessages(database)).toHaveLength(1);
});

test('a client of another machine is offered no sign-in in clear, and gets 530 when it sends mail', async () => {
  const outside = Object.values((await import('node:os')).networkInterfaces())
    .flat()
    .find((found) => found && !found.internal && found.family === 'IPv4')?.address;
  // On a machine without a network, an address of the loopback network stands in: it shows that the listener takes clients at all.
  const host = outside ?? '127.0.0.1';
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const { port } = await startTestGateway({ host, tls: { cert: pems.cert, key: pems.private } });
  const session = await RawSession.open(port, host);
  const offer = await session.ask('EHLO client.example');
  expect([offer.includes('STARTTLS'), offer.includes('AUTH')]).toEqual([true, outside === undefined]);
  expect(await session.ask('MAIL FROM:<alice@acme.example>')).toMatch(/^530 5\.7\.0 /);
});

test('a signed-in session that was opened before the failures goes on', async () => {
  const { port, acme } = await startTestGateway();
  const session = await RawSession.signedIn(port, acme.smtp);
  const other = await RawSession.open(port);
  await other.ask('EHLO client.example');
  for (let round = 0; round < 10; round += 1) await other.ask(`AUTH PLAIN ${base64('\0nobody\0no')}`);
  expect(await session.send('alice@acme.example', ['bob@example.net'], mail(['Message-ID: <on@acme.example>']))).toMatch(/^250 /);
});

test('a credential’s last use is booked at its sign-in, once a minute at most', async () => {
  const { port, acme, database } = await startTestGateway();
  const lastUse = async () => {
    const [row] = await database.system.query<{ last_used_at: Date | null }>('select last_used_at from smtp_credential where id = $1', [
      acme.credentialId,
    ]);
    return row?.last_used_at?.getTime() ?? null;
  };
  expect(await lastUse()).toBeNull();
  (await RawSession.signedIn(port, acme.smtp)).destroy();
  const first = await lastUse();
  expect(first).toBeGreaterThan(Date.now() - 60_000);
  (await RawSession.signedIn(port, acme.smtp)).destroy();
  expect(await lastUse()).toBe(first);

  await database.system.query("update smtp_credential set last_used_at = last_used_at - interval '2 minutes'");
  const stranger = await RawSession.open(port);
  await stranger.ask('EHLO client.example');
  await stranger.ask(`AUTH PLAIN ${base64(`\0${acme.smtp.username}\0no`)}`);
  expect(await lastUse()).toBeLessThan(first ?? 0);
  (await RawSession.signedIn(port, acme.smtp)).destroy();
  expect(await lastUse()).toBeGreaterThanOrEqual(first ?? 0);
});

test('who does not sign in is sent away after a while, however busy it looks, and who did may stay', async () => {
  const { port, acme } = await startTestGateway({ signInMilliseconds: 4_000 });
  const member = await RawSession.signedIn(port, acme.smtp);
  const stranger = await RawSession.open(port);
  const answers = [await stranger.ask('EHLO client.example')];
  while (answers.at(-1)?.startsWith('250') && answers.length < 9) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    answers.push(await stranger.ask('NOOP').catch(() => ''));
  }
  expect(answers.at(-1)).toMatch(/^421 4\.7\.0 /);
  expect(await stranger.answer()).toBe('');
  expect(await member.ask('NOOP')).toMatch(/^250 /);
});

test('strangers of one network hold a limited number of connections, and those who signed in do not count', async () => {
  const { port, acme } = await startTestGateway({ strangersPerNetwork: 2 });
  const members = [await RawSession.signedIn(port, acme.smtp), await RawSession.signedIn(port, acme.smtp)];
  const strangers = [await RawSession.open(port), await RawSession.open(port)];
  expect(await RawSession.greeting(port)).toMatch(/^421 4\.7\.0 /);
  for (const session of [...members, ...strangers]) expect(await session.ask('EHLO client.example')).toMatch(/^250/);
  strangers[0]?.destroy();
  await expect.poll(async () => (await RawSession.greeting(port)).slice(0, 3)).toBe('220');
});
