import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, sampleMail, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const variables = { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey };
const signet = (words: readonly string[], input?: string) => signetCommand(words, variables, input);
const folder = await mkdtemp(join(tmpdir(), 'signet-command-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (id: string) => (await ask(api, `GET /v1/messages/${id}`, { key: acme.apiKey })).body;

/** A key that may do this and no more. */
async function keyFor(scopes: readonly string[]): Promise<string> {
  const made = await ask(api, 'POST /v1/api-keys', { key: acme.apiKey, body: { name: scopes.join(' '), scopes } });
  return String(made.body['secret']);
}

test('a mail is handed in from a file or standard input, and once under its key; what is wrong is named by its field', async () => {
  const file = join(folder, 'offer.eml');
  await writeFile(file, sampleMail({ messageId: '<offer@acme.example>', subject: 'Offer' }));
  const envelope = ['--sender', 'alice@acme.example', '--recipient', 'bob@example.net', '--recipient', 'carol@example.net'];
  const shown = await signet(['message', 'submit', file, ...envelope, '--idempotency-key', 'a']);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(
    /^Message-ID +: <offer@acme\.example>$[^]*^bob@example\.net +accepted +no$[^]*^carol@example\.net +accepted/m,
  );
  const again = await signet(
    ['message', 'submit', '-', ...envelope, '--idempotency-key', 'a', '--json'],
    sampleMail({ messageId: '<offer@acme.example>', subject: 'Offer' }),
  );
  expect(again.code, again.stderr).toBe(0);
  const answer = JSON.parse(again.stdout) as { id: string };
  expect(shown.stdout).toContain(answer.id);
  expect(await read(answer.id)).toMatchObject({
    subject: 'Offer',
    recipients: [{ address: 'bob@example.net' }, { address: 'carol@example.net' }],
  });

  const foreign = await signet(['message', 'submit', file, '--sender', 'x@elsewhere.example', '--recipient', 'b@example.net']);
  expect(foreign).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('sender_not_allowed') });
  const wrong = await signet(['message', 'submit', file, '--sender', 'alice@acme.example', '--recipient', 'nobody']);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('/recipient/0: must be one mail address') });
  expect(await signet(['message', 'submit', file, '--sender', 'alice@acme.example'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--recipient'),
  });
  expect(await signet(['message', 'submit', join(folder, 'none.eml'), ...envelope])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('none.eml cannot be read'),
  });
});

test('a message’s expiry is set to a time, to never, and to now, which needs --yes where nobody can be asked', async () => {
  const id = await submitMail(api, acme, { messageId: '<expiry@acme.example>', subject: 'Expiry' });
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const put = await signet(['message', 'expire', 'expiry@acme.example', '--at', day, '--reason', 'Agreed']);
  expect(put, put.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^Expires +: ${day} 00:00:00Z$`, 'm')) });
  const never = await signet(['message', 'expire', id, '--never', '--json']);
  expect(JSON.parse(never.stdout)).toEqual(await read(id));
  expect(await read(id)).toMatchObject({ expiresAt: null });

  for (const words of [['--now'], ['--at', '2020-01-01']]) {
    const refused = await signet(['message', 'expire', id, ...words]);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('add --yes') });
  }
  expect(await read(id)).toMatchObject({ expiresAt: null });
  const ended = await signet(['message', 'expire', id, '--now', '--yes']);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^bob@example\.net +\w+ +expired/m) });

  expect(await signet(['message', 'expire', id])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--at <time>, --now or --never'),
  });
  expect((await signet(['message', 'expire', id, '--now', '--never'])).code).toBe(2);
  const late = await signet(['message', 'expire', id, '--at', '2999-01-01']);
  expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('/expiresAt: ') });
});

test('`message show` says what the rules decided', async () => {
  const id = await submitMail(api, acme, { messageId: '<ruled@acme.example>', subject: 'Ruled', template: 'Acme' });
  const { decision } = (await read(id)) as { decision: { template: { rule: string }; matchedRules: string[] } };
  const { stdout } = await signet(['message', 'show', id]);
  expect(decision.matchedRules).not.toEqual([]);
  expect(stdout).toContain(`: ${decision.matchedRules.join(', ')}\n`);
  expect(stdout).toContain(`the rule “${decision.template.rule}”`);
});

test('a message’s timeline has its steps and the acts on it, newest first, and says what the key may not read', async () => {
  const id = await submitMail(api, acme, { messageId: '<line@acme.example>', subject: 'Line', template: 'Acme' });
  expect((await signet(['message', 'revoke', id, '--reason', 'Wrong Bob'])).code).toBe(0);
  await ingestAll(api);
  const { stdout, stderr } = await signet(['message', 'timeline', 'line@acme.example']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^Subject +: Line$[^]*^TIME +STEP +STATUS +BY +ABOUT$[^]*MessageRevoke +Success[^]*MessageSend +Success/m);
  expect(stdout).toContain('Wrong Bob');
  const json = await signet(['message', 'timeline', id, '--limit', '1', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ message: { id }, trail: { items: [{ operation: 'MessageRevoke' }], more: true } });
  const first = await signet(['message', 'timeline', id, '--limit', '1']);
  expect(first.stderr).toMatch(/^There are earlier steps: --before \d{4}-.*Z\n$/);

  const blind = await signetCommand(['message', 'timeline', id], { ...variables, SIGNET_API_KEY: await keyFor(['messages:read']) });
  expect(blind).toMatchObject({ code: 0, stderr: expect.stringMatching(/needs? the scope audit:read.\n[^]*admin:read/) });
  expect(blind.stdout).not.toContain('MessageRevoke');
  expect(await signet(['message', 'timeline', 'nothing@acme.example'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not_found'),
  });
});
