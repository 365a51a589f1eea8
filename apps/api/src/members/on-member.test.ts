import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, setUpApp, type TestMember } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const { organizationId, apiKey: key } = await createTestOrganization(api);
await addMember(api, organizationId, 'first@acme.example');

/** A key that may manage members, and besides what a helpdesk may or nothing. */
async function keyWith(...scopes: string[]): Promise<string> {
  const { body } = await ask(api, 'POST /v1/api-keys', {
    key,
    body: { name: `members ${scopes.length}`, scopes: ['members:write', ...scopes] },
  });
  return String(body['secret']);
}
const alone = await keyWith();
const helpdesks = await keyWith('messages:read', 'messages:resend');

async function withApp(email: string, role: 'admin' | 'helpdesk'): Promise<TestMember> {
  const member = await addMember(api, organizationId, email, role);
  await setUpApp(api, member);
  return member;
}
async function invited(email: string, role: string): Promise<string> {
  return String((await ask(api, 'POST /v1/members', { key, body: { email, role } })).body['id']);
}
async function sessionOf(id: string): Promise<string> {
  const { body } = await ask(api, `GET /v1/members/${id}/sessions`, { key });
  return (body['items'] as { id: string }[])[0]?.id ?? '';
}

/** Every act on a member, in an order in which each can be done to the same one. */
async function actsOn(member: { id: string }, invitee: string, role: string) {
  const { id } = member;
  return [
    ['MemberInvite', `POST /v1/members/${invitee}/invitation`, undefined],
    ['MemberPasswordResetSend', `POST /v1/members/${id}/password-reset`, undefined],
    ['MemberSessionEnd', `DELETE /v1/members/${id}/sessions/${await sessionOf(member.id)}`, undefined],
    ['MemberSessionEnd', `DELETE /v1/members/${id}/sessions`, undefined],
    ['MemberSecondFactorReset', `POST /v1/members/${id}/second-factor-reset`, undefined],
    ['MemberChange', `PATCH /v1/members/${id}`, { role }],
    ['MemberChange', `PATCH /v1/members/${id}`, { disabled: true }],
    ['MemberChange', `PATCH /v1/members/${id}`, { disabled: false }],
    ['MemberRemove', `DELETE /v1/members/${id}`, undefined],
  ] as const;
}

test('403: a key that may manage members does nothing to an admin, whose state, factors and sessions stay; each attempt is on record', async () => {
  const boss = await withApp('boss@acme.example', 'admin');
  const invitee = await invited('next-boss@acme.example', 'admin');
  const read = async () => (await ask(api, 'GET /v1/members', { key })).body;
  const before = await read();
  const acts = await actsOn(boss, invitee, 'helpdesk');
  for (const [, request, body] of acts) {
    for (const limited of [alone, helpdesks]) {
      const refused = await ask(api, request, { key: limited, body });
      expect([request, refused.status, refused.body['code']]).toEqual([request, 403, 'forbidden']);
      expect(refused.body['detail']).toContain('A member with the role admin may do what you may not: configuration:read');
    }
  }
  expect(await read()).toEqual(before);
  expect((await askAs(api, boss, 'GET /v1/sessions/current')).status).toBe(200);
  await ingestAll(api);
  const targets = `target=${boss.id}&target=${invitee}`;
  const ofEach = await Promise.all(targets.split('&').map((target) => ask(api, `GET /v1/admin-records?${target}&limit=100`, { key })));
  const failures = ofEach.flatMap(({ body }) => body['items'] as { action: string; status: string; reason: string }[]);
  const refusals = failures.filter(({ status, reason }) => status === 'Failure' && reason === 'forbidden').map(({ action }) => action);
  expect(refusals.toSorted()).toEqual(acts.flatMap(([action]) => [action, action]).toSorted());
});

test('a key does to a member whose role lies within its scopes all that it may, and with members:write alone nothing', async () => {
  const helper = await withApp('helper@acme.example', 'helpdesk');
  const acts = await actsOn(helper, await invited('next-helper@acme.example', 'helpdesk'), 'helpdesk');
  for (const [, request, body] of acts) {
    expect([request, (await ask(api, request, { key: alone, body })).status]).toEqual([request, 403]);
    const answer = await ask(api, request, { key: helpdesks, body });
    expect([200, 204], `${request}: ${answer.text}`).toContain(answer.status);
  }
});

test('an admin does all of it to an admin', async () => {
  const anna = await addMember(api, organizationId, 'anna@acme.example');
  const boss = await withApp('other-boss@acme.example', 'admin');
  const acts = await actsOn(boss, await invited('third-boss@acme.example', 'admin'), 'auditor');
  for (const [, request, body] of acts) {
    const answer = await askAs(api, anna, request, body);
    expect([200, 204], `${request}: ${answer.text}`).toContain(answer.status);
  }
});
