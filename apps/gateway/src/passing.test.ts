import { storedPart } from '@signet/vault/stored-part';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { mail, startTestGateway, type TestGateway } from './testing/test-gateway.ts';

const ALICE = 'alice@acme.example';

/** Puts a rule before all others. */
async function addRule({ database, acme }: TestGateway, action: 'passThrough' | 'passInside', recipientDomain?: string): Promise<void> {
  const rule = {
    name: `Rule to ${action}`,
    conditions: [recipientDomain === undefined ? { kind: 'always' } : { kind: 'recipientDomain', domains: [recipientDomain] }],
    exceptions: [],
    actions: [{ kind: action }],
    stop: false,
  };
  await database.system.query('insert into mail_rule (organization_id, id, position, rule) values ($1, gen_random_uuid(), -1, $2)', [
    acme.id,
    JSON.stringify(rule),
  ]);
}

function submit({ port, acme }: TestGateway, to: readonly string[], raw: string): Promise<{ response: string }> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    name: 'desk.acme.example',
    auth: { user: acme.smtp.username, pass: acme.smtp.password },
  });
  return transport.sendMail({ envelope: { from: ALICE, to: [...to] }, raw });
}

async function recipientsOf({ database }: TestGateway): Promise<Record<string, [boolean, string]>> {
  const rows = await database.system.query<{ address: string; unwrapped: boolean; kind: string }>(
    `select r.address, r.unwrapped, o.kind from recipient r join outbox o on o.payload ->> 'recipientId' = r.id::text order by r.address`,
  );
  return Object.fromEntries(rows.map(({ address, unwrapped, kind }) => [address, [unwrapped, kind]]));
}

/** The header of the newest message as it would leave. */
async function leavingHeader({ database, vault, acme }: TestGateway): Promise<string> {
  const [row] = await database.system.query<{ id: string; blob_name: string; blob_length: number; wrapped_key: Buffer; stored: unknown }>(
    `select m.id, m.blob_name, m.blob_length, m.wrapped_key, p.stored from message m
     join message_part p on p.message_uid = m.id and p.kind = 'transit' order by m.id desc limit 1`,
  );
  const [key] = await database.system.query<{ id: string; provider_key_id: string; wrapped_key: Buffer }>(
    'select id, provider_key_id, wrapped_key from organization_key where organization_id = $1',
    [acme.id],
  );
  if (!row || !key) throw new Error('Nothing passes');
  const location = {
    organizationId: acme.id,
    messageUid: row.id,
    organizationKey: { keyId: key.id, providerKeyId: key.provider_key_id, wrappedKey: key.wrapped_key },
    wrappedKey: row.wrapped_key,
    blobName: row.blob_name,
    blobLength: row.blob_length,
  };
  const pieces: Buffer[] = [];
  for await (const piece of vault.readPart(location, storedPart.parse(row.stored))) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('latin1');
}

test('of one submission recipients inside get the message as it came and those outside the wrapper, and the way here stands before it', async () => {
  const gateway = await startTestGateway();
  await addRule(gateway, 'passInside');
  await submit(gateway, ['bob@acme.example', 'eve@example.net', 'eve@acme.example.net'], mail(['Subject: s', 'X-Signet-Expires: 3']));
  expect(await recipientsOf(gateway)).toEqual({
    'bob@acme.example': [true, 'pass-message'],
    'eve@acme.example.net': [false, 'send-wrapper-mail'],
    'eve@example.net': [false, 'send-wrapper-mail'],
  });
  expect(await leavingHeader(gateway)).toMatch(
    /^Received: from desk\.acme\.example \(\[(127\.0\.0\.1|IPv6:::ffff:127\.0\.0\.1)\]\)\r\n\tby signet\.example with ESMTPA\r\n\tid [0-9a-f-]{36}\.[\w-]{43};\r\n\t\w{3}, [^\r]+ \+0000\r\nSubject: s\r\nX-Signet-Expires: 3\r\n\r\n$/,
  );
});

test('a message that is split among its recipients passes to none of them but whom the rules let have it, whoever comes first', async () => {
  const gateway = await startTestGateway();
  await addRule(gateway, 'passThrough', 'partner.example');
  const first = mail(['Message-ID: <one@acme.example>', 'Subject: s'], 'first');
  await submit(gateway, ['pat@partner.example'], first);
  await submit(gateway, ['eve@example.net'], first);
  const second = mail(['Message-ID: <two@acme.example>', 'Subject: s'], 'second');
  await submit(gateway, ['dan@example.net'], second);
  await submit(gateway, ['pia@partner.example'], second);
  expect(await recipientsOf(gateway)).toEqual({
    'dan@example.net': [false, 'send-wrapper-mail'],
    'eve@example.net': [false, 'send-wrapper-mail'],
    'pat@partner.example': [true, 'pass-message'],
    'pia@partner.example': [false, 'send-wrapper-mail'],
  });
});

test('a next hop that points back at the gateway makes no circle', async () => {
  const gateway = await startTestGateway();
  await addRule(gateway, 'passThrough');
  let raw = mail(['Subject: s'], 'round');
  const answers: string[] = [];
  for (const turn of [1, 2, 3, 4]) {
    // Each turn comes from another sender, as where a forwarder rewrites it: else it is the same message, and goes nowhere anew.
    const from = `a${turn}@acme.example`;
    const transport = createTransport({
      host: '127.0.0.1',
      port: gateway.port,
      auth: { user: gateway.acme.smtp.username, pass: gateway.acme.smtp.password },
    });
    const answer = await transport.sendMail({ envelope: { from, to: ['bob@example.net'] }, raw }).then(
      ({ response }) => response,
      (error: Error) => error.message,
    );
    answers.push(/\b\d{3} \d\.\d\.\d\b/.exec(answer)?.[0] ?? answer);
    if (turn < 3) raw = `${await leavingHeader(gateway)}round\r\n`;
  }
  expect(answers).toEqual(['250 2.0.0', '250 2.0.0', '554 5.4.6', '554 5.4.6']);
  await submit(gateway, ['bob@example.net'], mail(['Message-ID: <same@acme.example>'], 'same'));
  const before = Object.keys(await recipientsOf(gateway)).length;
  await submit(gateway, ['bob@example.net'], `${await leavingHeader(gateway)}same`);
  expect(Object.keys(await recipientsOf(gateway))).toHaveLength(before);
});
