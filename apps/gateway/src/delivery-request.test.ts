import { expect, test } from 'vitest';
import { RawSession } from './testing/raw-session.ts';
import { mail, startTestGateway, type TestGateway } from './testing/test-gateway.ts';

const ALICE = 'alice@acme.example';
const offer = `${mail(['Message-ID: <offer@acme.example>', 'Subject: Offer'])}\r\n.`;

async function requests({ database }: TestGateway): Promise<Record<string, unknown>> {
  const rows = await database.system.query<{ address: string; dsn: unknown }>('select address, dsn from recipient order by address');
  return Object.fromEntries(rows.map(({ address, dsn }) => [address, dsn]));
}

test('what an envelope asks to be told of the delivery is kept with each recipient, as it was before its xtext', async () => {
  const running = await startTestGateway();
  const session = await RawSession.signedIn(running.port, running.acme.smtp);
  for (const line of [
    `MAIL FROM:<${ALICE}> SMTPUTF8 RET=hdrs ENVID=QQ+20314159`,
    'RCPT TO:<bob@example.net> NOTIFY=success,FAILURE ORCPT=rfc822;Bob+2Btag@example.net',
    'RCPT TO:<carol@example.net> NOTIFY=NEVER',
    'RCPT TO:<dan@example.net>',
    'RCPT TO:<bøb@example.net> ORCPT=utf-8;bøb@example.net',
    'DATA',
  ])
    expect(await session.ask(line), line).toMatch(/^[23]5/);
  expect(await session.ask(offer)).toContain('250 2.0.0');
  const envelope = { ret: 'HDRS', envid: 'QQ 314159' };
  expect(await requests(running)).toEqual({
    'bob@example.net': { ...envelope, notify: ['SUCCESS', 'FAILURE'], orcpt: 'rfc822;Bob+tag@example.net' },
    'carol@example.net': { ...envelope, notify: ['NEVER'] },
    'dan@example.net': envelope,
    'bøb@example.net': { ...envelope, orcpt: 'utf-8;bøb@example.net' },
  });
});

test('an envelope that says nothing asks for nothing; a copy for other recipients has what its own envelope says', async () => {
  const running = await startTestGateway();
  const session = await RawSession.signedIn(running.port, running.acme.smtp);
  for (const [sender, recipients] of [
    [`<${ALICE}>`, ['<bob@example.net>']],
    [`<${ALICE}> ENVID=second`, ['<bob@example.net> NOTIFY=NEVER', '<carol@example.net> NOTIFY=NEVER']],
  ] as const) {
    // What a refused command asked for is forgotten with it.
    expect(await session.ask('MAIL FROM:<eve@nowhere.example> RET=FULL ENVID=refused')).toMatch(/^550 /);
    await session.ask(`MAIL FROM:${sender}`);
    for (const recipient of recipients) await session.ask(`RCPT TO:${recipient}`);
    await session.ask('DATA');
    expect(await session.ask(offer)).toContain('250 2.0.0');
  }
  expect(await requests(running)).toEqual({
    'bob@example.net': null,
    'carol@example.net': { envid: 'second', notify: ['NEVER'] },
  });
});

test('the empty sender hands in no message, whatever it asks to be told', async () => {
  const running = await startTestGateway();
  const session = await RawSession.signedIn(running.port, running.acme.smtp);
  expect(await session.ask('MAIL FROM:<> RET=HDRS ENVID=1')).toMatch(/^250 /);
  expect(await session.ask('RCPT TO:<bob@example.net> NOTIFY=FAILURE')).toMatch(/^550 5\.7\.1 /);
  session.destroy();
  expect(await requests(running)).toEqual({});
});
