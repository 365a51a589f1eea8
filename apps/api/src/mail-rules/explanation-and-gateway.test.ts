import { mailRuleSchema, type MailRule } from '@signet/domain/mail-rule';
import { oddOnes, readSamples } from '@signet/intake/testing/corpus-samples';
import { ruleSets } from '@signet/intake/testing/rule-sets';
import { createTransport } from 'nodemailer';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { spawnGateway } from '../testing/spawned-gateway.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const scope = api.database.forOrganization(acme.organizationId);
// So some recipients of the corpus are inside.
for (const domain of ['example.net', 'xn--bcher-kva.example'])
  await scope.query('insert into organization_domain (organization_id, domain) values ($1, $2)', [acme.organizationId, domain]);
const key = acme.apiKey;
const samples = await readSamples();
await ask(api, `PUT /v1/sender-groups/${encodeURIComponent(oddOnes.name)}`, { key, body: { addresses: oddOnes.addresses } });

/** Sessions, and as many questions to the api, at a time. */
const atOnce = 4;
const { username: user, password: pass } = acme.smtp;
const transport = createTransport({
  pool: true,
  maxConnections: atOnce,
  host: '127.0.0.1',
  port: await spawnGateway(api),
  ignoreTLS: true,
  auth: { user, pass },
});
afterAll(() => transport.close());

interface Mail {
  readonly raw: Buffer;
  readonly sender: string;
  readonly recipients: readonly string[];
}

async function install(rules: readonly MailRule[]): Promise<void> {
  await scope.query('delete from mail_rule where organization_id = $1', [acme.organizationId]);
  for (const rule of rules) {
    const answer = await ask(api, 'POST /v1/mail-rules', { key, body: mailRuleSchema.parse(rule) });
    expect(answer.status, answer.text).toBe(201);
  }
}

const explanation = z.object({
  outcome: z.enum(['accepted', 'rejected', 'refused']),
  refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
  decision: z.unknown(),
  expiresInDays: z.number().nullable(),
  forwardingAllowed: z.boolean().nullable(),
  originalOnly: z.boolean(),
});

async function explained({ raw, sender, recipients }: Mail): Promise<z.infer<typeof explanation>> {
  const said = await ask(api, 'POST /v1/mail-rules/explain', { key, body: { sender, recipients, raw: raw.toString('base64') } });
  expect(said.status, said.text).toBe(200);
  return explanation.parse(said.body);
}

/** Sends the same bytes by SMTP. @returns the gateway's answer. */
async function answered({ raw, sender, recipients }: Mail): Promise<string> {
  try {
    const { response } = await transport.sendMail({ envelope: { from: sender, to: [...recipients] }, raw });
    return response;
  } catch (error) {
    return z.object({ response: z.string() }).parse(error).response;
  }
}

const stored = explanation.pick({ decision: true, forwardingAllowed: true, originalOnly: true }).extend({
  acceptedAt: z.string(),
  expiresAt: z.string().nullable(),
});

/** What is stored of the one message to an address, in the words of an explanation. */
async function storedFor(recipient: string): Promise<object> {
  const rows = await scope.query<{ id: string }>(
    'select message_uid as id from recipient where organization_id = $1 and address_key = lower($2)',
    [acme.organizationId, recipient],
  );
  if (rows.length !== 1) return { messages: rows.length };
  const answer = await ask(api, `GET /v1/messages/${rows[0]?.id}`, { key });
  const { acceptedAt, expiresAt, ...told } = stored.parse(answer.body);
  return { ...told, expiresInDays: expiresAt === null ? 0 : (Date.parse(expiresAt) - Date.parse(acceptedAt)) / 86_400_000 };
}

const seen = { accepted: 0, rejected: 0, refused: 0 };

/** What explaining a mail to an address promises, and what became of it by SMTP, in the same words. */
async function bothOf(mail: Mail, recipient: string): Promise<{ promised: object; happened: object }> {
  const { outcome, refusal, ...told } = await explained(mail);
  seen[outcome] += 1;
  const promised =
    outcome === 'accepted' ? { answer: '250 2.0.0 Accepted', ...told } : { answer: `550 5.7.1 ${refusal?.detail}`, messages: 0 };
  const [answer = ''] = (await answered(mail)).split(' <');
  return { promised, happened: { answer, ...(await storedFor(recipient)) } };
}

/** Does something with each of them, a few at a time. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const lane = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

test.each(ruleSets.map((rules, set) => ({ set: set + 1, rules })))(
  'set $set of rules: for every message of the corpus Explain says what the gateway answers and what then is stored',
  async ({ set, rules }) => {
    await install(rules);
    await forEach(samples, async ({ name, index, ...sample }) => {
      // Some messages are there twice, and each comes with every set: a copy of one that is stored would be decided already.
      const raw = Buffer.concat([Buffer.from(`X-Sample: ${set}-${index}\r\n`), sample.raw]);
      const onlyHere = `set${set}-${index}@example.com`;
      const mail = { ...sample, raw, recipients: [...sample.recipients, onlyHere] };
      const { promised, happened } = await bothOf(mail, onlyHere);
      expect(promised, name).toEqual(happened);
    });
  },
  300_000,
);

test('of all of these some were taken and some rejected', () => {
  expect(seen.accepted + seen.rejected).toBe(ruleSets.length * samples.length);
  expect(Math.min(seen.accepted, seen.rejected)).toBeGreaterThan(100);
});

const mailWith = (header: string, body = 'x') => Buffer.from(`${header}Subject: t\r\n\r\n${body}\r\n`);

test.each(['never', 'shorten'] as const)(
  'an expiry that senders may ask for only where they may (%s) is refused by both',
  async (policy) => {
    const { status, text } = await ask(api, 'PATCH /v1/configuration', { key, body: { sendersMayChangeExpiry: policy } });
    expect(status, text).toBe(200);
    await install([
      mailRuleSchema.parse({ name: 'Three days', conditions: [{ kind: 'always' }], actions: [{ kind: 'setExpiry', days: 3 }] }),
    ]);
    const mail = { raw: mailWith('X-Signet-Expires: 7\r\n'), sender: 'ann@acme.example', recipients: ['bob@example.net'] };
    expect(await explained(mail)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'expiry_change_not_allowed' },
      decision: { expiry: { days: 3 } },
      expiresInDays: null,
    });
    expect(await answered(mail)).toMatch(/^550 5\.7\.1 X-Signet-Expires/);
  },
);

test.each(['ann@bücher.example', 'ann@BÜCHER.example', 'ann@xn--bcher-kva.example'])(
  'of an internationalised domain of its own %s is inside for both, however it is written',
  async (colleague) => {
    const outside = { name: 'Outside', conditions: [{ kind: 'recipientOutside' }], actions: [{ kind: 'reject', text: 'Not out' }] };
    await install([mailRuleSchema.parse(outside)]);
    const mail = { raw: mailWith(`X-To: ${colleague}\r\n`), sender: 'ann@acme.example', recipients: [colleague] };
    expect(await explained(mail)).toMatchObject({ outcome: 'accepted' });
    expect(await answered(mail)).toMatch(/^250 /);
    const mixed = { ...mail, recipients: [colleague, 'bob@bücher.example.org'] };
    expect(await explained(mixed)).toMatchObject({ outcome: 'rejected', refusal: { detail: 'Not out' } });
    expect(await answered(mixed)).toBe('550 5.7.1 Not out');
  },
);

test.each([
  ['mail_loop', '554 5.4.6', mailWith('Received: x\r\n'.repeat(31)), 'ann@acme.example'],
  ['sender_not_allowed', '550 5.7.1', mailWith(''), 'ann@elsewhere.example'],
  ['message_malformed', '550 5.6.0', mailWith('X-Signet-Expires: soon\r\n'), 'ann@acme.example'],
  ['body_too_large', '552 5.3.4', mailWith('', `${'y'.repeat(70)}\r\n`.repeat(1_000)), 'ann@acme.example'],
])('what is refused before any rule is asked, as %s, the gateway refuses with %s', async (code, answer, raw, sender) => {
  const limited = await ask(api, 'PATCH /v1/configuration', { key, body: { maxMessageBytes: 65_536 } });
  expect(limited.status, limited.text).toBe(200);
  const mail = { raw, sender, recipients: ['bob@example.net'] };
  expect(await explained(mail)).toMatchObject({ outcome: 'refused', refusal: { code }, decision: null });
  expect((await answered(mail)).slice(0, answer.length)).toBe(answer);
});
