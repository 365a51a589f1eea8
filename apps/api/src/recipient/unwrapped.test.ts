import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createFixture } from './testing/recipient-fixture.ts';

const api = await startTestApi();
const { organization, scope, storeMail, close } = await createFixture(api);

afterAll(close);

test('the link of a recipient who gets the message as it came answers as one that never was, and the others read', async () => {
  const rule = { name: 'Inside', conditions: [{ kind: 'always' }], exceptions: [], actions: [{ kind: 'passInside' }], stop: false };
  await scope.query('insert into mail_rule (organization_id, id, position, rule) values ($1, gen_random_uuid(), -1, $2)', [
    organization.id,
    JSON.stringify(rule),
  ]);
  const raw = Buffer.from('Subject: Offer\r\nBcc: eve@example.org\r\n\r\nText\r\n');
  const [inside, outside] = await storeMail(raw, ['bob@acme.example', 'dan@example.net']);
  if (!inside || !outside) throw new Error('Both are recipients');
  for (const [method, path] of [
    ['GET', ''],
    ['POST', 'passcodes'],
    ['POST', 'access'],
    ['GET', 'original'],
  ] as const) {
    const answer = await ask(api, inside, method, path);
    const unknown = await ask(api, { ...inside, token: randomBytes(24).toString('base64url') }, method, path);
    expect([path, answer.status, answer.text]).toEqual([path, 404, unknown.text]);
  }
  expect((await ask(api, outside, 'GET')).status).toBe(200);
});
