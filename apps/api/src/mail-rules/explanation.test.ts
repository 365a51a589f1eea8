import { mailRuleSchema, type MailRule } from '@signet/domain/mail-rule';
import { readAsSent, readExpected } from '@signet/intake/testing/corpus';
import { ruleSets } from '@signet/intake/testing/rule-sets';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const scope = api.database.forOrganization(acme.organizationId);
const key = acme.apiKey;
const names = Object.keys(await readExpected());
await ask(api, 'PUT /v1/sender-groups/Odd%20ones', { key, body: { addresses: ['bea@acme.example'] } });

async function install(rules: readonly MailRule[]): Promise<void> {
  await scope.query('delete from mail_rule where organization_id = $1', [acme.organizationId]);
  for (const rule of rules) {
    const answer = await ask(api, 'POST /v1/mail-rules', { key, body: mailRuleSchema.parse(rule) });
    expect(answer.status, answer.text).toBe(201);
  }
}

type Body = Readonly<Record<string, unknown>>;

/** What explaining a mail answers, and what became of it when it was handed in, in the same words. */
async function bothOf(mail: Buffer, sender: string, recipients: readonly string[]): Promise<{ explained: Body; happened: Body }> {
  const body = { sender, recipients, raw: mail.toString('base64') };
  const said = await ask(api, 'POST /v1/mail-rules/explain', { key, body });
  expect(said.status, said.text).toBe(200);
  const { outcome, refusal, decision, expiresInDays, forwardingAllowed, originalOnly } = said.body;
  const submitted = await ask(api, 'POST /v1/messages', { key, body });
  if (submitted.status !== 202) {
    const { code, detail } = submitted.body;
    return { explained: { refusal }, happened: { refusal: { code, detail } } };
  }
  const { body: message } = await ask(api, `GET /v1/messages/${String(submitted.body['id'])}`, { key });
  const { acceptedAt, expiresAt } = z.object({ acceptedAt: z.string(), expiresAt: z.string().nullable() }).parse(message);
  const days = expiresAt === null ? 0 : (Date.parse(expiresAt) - Date.parse(acceptedAt)) / 86_400_000;
  return {
    explained: { outcome, refusal, decision, expiresInDays, forwardingAllowed, originalOnly },
    happened: {
      outcome: 'accepted',
      refusal: null,
      decision: message['decision'],
      expiresInDays: days,
      forwardingAllowed: message['forwardingAllowed'],
      originalOnly: message['originalOnly'],
    },
  };
}

test.each(ruleSets.map((rules, set) => ({ set: set + 1, rules })))(
  'set $set of rules: for every twentieth message of the corpus Explain says what then happens',
  async ({ set, rules }) => {
    await install(rules);
    for (const [index, name] of names.entries()) {
      if (index % ruleSets.length !== set - 1) continue;
      // Some messages are there twice: a copy of one that is stored would be decided already.
      const own = Buffer.from(`X-Sample: ${index}\r\n`);
      const sender = index % 3 === 0 ? 'bea@acme.example' : 'ann@acme.example';
      const recipients = index % 2 === 0 ? ['bob@example.net', 'eve@example.org'] : ['carl@example.com'];
      const { explained, happened } = await bothOf(Buffer.concat([own, await readAsSent(name)]), sender, recipients);
      expect(explained, name).toEqual(happened);
    }
  },
  120_000,
);

const mail = (header: string, body = 'x') => Buffer.from(`${header}Subject: t\r\n\r\n${body}\r\n`);

test('what is refused is refused by both, whatever the rules say', async () => {
  await install([]);
  const cases: [string, Buffer, string][] = [
    ['mail_loop', mail('Received: x\r\n'.repeat(31)), 'ann@acme.example'],
    ['sender_not_allowed', mail(''), 'ann@elsewhere.example'],
  ];
  for (const [code, raw, sender] of cases) {
    const { explained, happened } = await bothOf(raw, sender, ['bob@example.net']);
    expect(explained, code).toEqual(happened);
    expect(explained['refusal']).toMatchObject({ code });
  }
  const { explained, happened } = await bothOf(mail('', 'a\0b'), 'ann@acme.example', ['bob@example.net']);
  expect(explained).toEqual(happened);
  expect(explained).toMatchObject({
    outcome: 'accepted',
    originalOnly: true,
    decision: { template: { name: 'OME Configuration', rule: null } },
  });
});
