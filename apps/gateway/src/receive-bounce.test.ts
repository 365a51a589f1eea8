import { createSecretKey, randomBytes } from 'node:crypto';
import { makeBounceAddress } from '@signet/domain/bounce-address';
import { withoutDatabase } from '@signet/db/testing/database-outage';
import { expect, test } from 'vitest';
import { RawSession } from './testing/raw-session.ts';
import { mail, startTestGateway, storedMessages } from './testing/test-gateway.ts';

const report = (...status: readonly string[]): string =>
  mail(
    ['From: <>', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b'],
    ['--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.net', '', ...status, '', '--b--'].join('\r\n'),
  );
const noSuchUser = report('Final-Recipient: rfc822; bob@example.net', 'Action: failed', 'Diagnostic-Code: smtp; 550 5.1.1 No such user');

/** A gateway with one message that the next hop has taken, and the address that its mail came from. */
async function sentMessage(options: Parameters<typeof startTestGateway>[0] = {}) {
  const running = await startTestGateway(options);
  const { database, acme, loopKey, port } = running;
  await database.system.query(`update organization set bounce_domain = 'bounces.acme.example' where id = $1`, [acme.id]);
  const session = await RawSession.signedIn(port, acme.smtp);
  for (const line of ['MAIL FROM:<alice@acme.example>', 'RCPT TO:<bob@example.net>', 'DATA']) await session.ask(line);
  expect(await session.ask(`${mail(['Subject: s'])}\r\n.`)).toContain('250 2.0.0');
  await session.ask('QUIT');
  await database.system.query(`update recipient set delivery_state = 'sent', sent_at = now(), wrapper_attempts = 1`);
  const [recipient] = await database.system.query<{ id: string }>('select id from recipient');
  if (!recipient) throw new Error('Nobody is there');
  return { ...running, recipientId: recipient.id, address: makeBounceAddress(loopKey, recipient.id, 'bounces.acme.example') };
}

type Sent = Awaited<ReturnType<typeof sentMessage>>;

/** What a mail system that has never heard of a sign-in is answered, at the end. */
async function bounce({ port }: Sent, to: string, raw: string): Promise<string> {
  const session = await RawSession.open(port);
  let answer = '';
  for (const line of ['EHLO mx.example.net', 'MAIL FROM:<>', `RCPT TO:<${to}>`, 'DATA', `${raw}\r\n.`]) {
    answer = await session.ask(line);
    if (!/^[23]/.test(answer)) break;
  }
  session.destroy();
  return answer;
}

async function stateOf({ database }: Sent) {
  const [state] = await database.system.query('select delivery_state, last_response from recipient');
  const events = await database.system.query<{ payload: { operation: string } }>(
    `select payload from outbox where kind = 'ingest-audit-event' order by id`,
  );
  const deliveries = events.map(({ payload }) => payload).filter(({ operation }) => operation === 'WrapperDelivery');
  return { ...state, deliveries };
}

test('a bounce that comes back without a sign-in makes its recipient bounced, with the reason, once', async () => {
  const sent = await sentMessage();
  for (let time = 0; time < 3; time += 1) expect(await bounce(sent, sent.address, noSuchUser)).toContain('250 2.0.0 Accepted');

  expect(await stateOf(sent)).toMatchObject({
    delivery_state: 'bounced',
    last_response: '550 5.1.1 No such user',
    deliveries: [
      {
        operationStatus: 'Failure',
        recipients: ['bob@example.net'],
        operationProperties: expect.arrayContaining([
          { name: 'Delivery', value: 'Bounced' },
          { name: 'Response', value: '550 5.1.1 No such user' },
        ]),
      },
    ],
  });
  // It is read and dropped: nothing of it is stored or handed on.
  expect(await storedMessages(sent.database)).toHaveLength(1);
  expect(sent.logLines.join('')).not.toContain('No such user');
});

test('a report of delay makes it deferred, a later one of failure bounced, and a late one of delay changes nothing more', async () => {
  const sent = await sentMessage();
  const late = report('Action: delayed', 'Status: 4.4.1');
  await bounce(sent, sent.address, late);
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'deferred', last_response: '4.4.1', deliveries: [{}] });
  await bounce(sent, sent.address.toUpperCase(), noSuchUser);
  await bounce(sent, sent.address, late);
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'bounced', deliveries: [{}, {}] });
});

test.for([
  ['an absence notice', mail(['From: bob@example.net', 'Auto-Submitted: auto-replied'], 'I am away.')],
  ['a report of success', report('Action: delivered', 'Status: 2.0.0')],
  ['what is no mail', '\u0001'],
])('%s is taken, and changes nothing', async ([, raw = '']) => {
  const sent = await sentMessage();
  expect(await bounce(sent, sent.address, raw)).toContain('250 2.0.0');
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'sent', deliveries: [] });
});

/** A bounce of so many bytes: the line end before the final dot is its own. */
const bounceOf = (bytes: number) =>
  `${noSuchUser}\r\n`.concat('x'.repeat(bytes - noSuchUser.length - 4).replaceAll(/x{1000}/g, `${'x'.repeat(998)}\r\n`));

test('a bounce of 1,048,576 bytes is read, and one of one more is 552, said beforehand or not, where messages may be larger', async () => {
  const sent = await sentMessage({ maxMessageBytes: 2 * 1024 * 1024 });
  expect(await bounce(sent, sent.address, bounceOf(1_048_577))).toContain('552 5.3.4');
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'sent', deliveries: [] });
  expect(await bounce(sent, sent.address, bounceOf(1_048_576))).toContain('250 2.0.0');
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'bounced', deliveries: [{}] });

  const session = await RawSession.open(sent.port);
  await session.ask('EHLO mx.example.net');
  expect(await session.ask('MAIL FROM:<> SIZE=1048577')).toContain('552 5.3.4');
  expect(await session.ask('MAIL FROM:<> SIZE=1048576')).toContain('250 ');
  session.destroy();
});

test('nothing else comes in without a sign-in: forged and foreign addresses, several at once, senders, and what is too large', async () => {
  const sent = await sentMessage();
  const forged = makeBounceAddress(createSecretKey(randomBytes(32)), sent.recipientId, 'bounces.acme.example');
  const foreign = makeBounceAddress(sent.loopKey, sent.recipientId, 'bounces.example.org');
  for (const address of [forged, foreign, 'bob@example.net', 'alice@acme.example'])
    expect(await bounce(sent, address, noSuchUser)).toContain('550 5.7.1');
  expect(
    await bounce(sent, sent.address, `${noSuchUser}\r\n${'x'.repeat(998)}`.concat('\r\n', `${'y'.repeat(998)}\r\n`.repeat(1_100))),
  ).toContain('552 5.3.4');

  const session = await RawSession.open(sent.port);
  await session.ask('EHLO mx.example.net');
  expect(await session.ask('MAIL FROM:<> SIZE=2000000')).toContain('552 5.3.4');
  expect(await session.ask('MAIL FROM:<alice@acme.example>')).toContain('530 5.7.0');
  await session.ask('MAIL FROM:<>');
  await session.ask(`RCPT TO:<${sent.address}>`);
  expect(await session.ask(`RCPT TO:<${sent.address}>`)).toContain('452 4.5.3');
  session.destroy();
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'sent', deliveries: [] });
});

test('another organization’s bounce domain reaches none of its recipients', async () => {
  const sent = await sentMessage();
  await sent.database.system.query(`update organization set bounce_domain = 'bounces.globex.example' where id = $1`, [sent.globex.id]);
  const address = makeBounceAddress(sent.loopKey, sent.recipientId, 'bounces.globex.example');
  expect(await bounce(sent, address, noSuchUser)).toContain('250 2.0.0');
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'sent', deliveries: [] });
});

test('who is refused ten times without a sign-in is told to go', async () => {
  const sent = await sentMessage();
  const session = await RawSession.open(sent.port);
  await session.ask('EHLO mx.example.net');
  await session.ask('MAIL FROM:<>');
  for (let time = 1; time < 10; time += 1) expect(await session.ask(`RCPT TO:<b-${time}@acme.example>`)).toContain('550 5.7.1');
  expect(await session.ask('RCPT TO:<b-10@acme.example>')).toContain('421 4.7.0');
});

test('with the database away a bounce is to come again', async () => {
  const sent = await sentMessage();
  await withoutDatabase(sent.databaseUrl, async () => expect(await bounce(sent, sent.address, noSuchUser)).toContain('451 4.3.0'));
  expect(await bounce(sent, sent.address, noSuchUser)).toContain('250 2.0.0');
  expect(await stateOf(sent)).toMatchObject({ delivery_state: 'bounced' });
});
