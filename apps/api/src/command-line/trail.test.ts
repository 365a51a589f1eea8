import { randomUUID } from 'node:crypto';
import { auditEntryFilters } from '@signet/api-contract/audit-entries';
import { expect, test } from 'vitest';
import { sealLogs } from '../testing/seal-logs.ts';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, openSessionOf } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const variables = { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey };
const signet = (words: readonly string[], input?: string) => signetCommand(words, variables, input);
const read = async (path: `/${string}`) => (await ask(api, `GET ${path}`, { key: acme.apiKey })).body;

/** Proves from a file, as whoever was given it does: with neither the server nor a key of its API. */
const prove = (proof: string, ...words: string[]) => signetCommand(['log', 'prove', '-', ...words], {}, proof);

function event(facts: object = {}) {
  return {
    id: randomUUID(),
    operation: 'MessageAccess',
    creationTime: '2026-11-20T08:00:00.000Z',
    messageId: 'add-in@acme.example',
    recipients: ['bob@example.net'],
    sender: 'alice@acme.example',
    operationStatus: 'Success',
    operationProperties: [],
    ...facts,
  };
}

test('steps of another system are added from JSON and from lines, once each, and one that is wrong is named and none is taken', async () => {
  const [one, other] = [event(), event()];
  const added = await signet(['audit', 'add', '-'], `${JSON.stringify(one)}\n${JSON.stringify(other)}\n`);
  expect(added).toEqual({ code: 0, stdout: 'New   : 2\nKnown : 0\n', stderr: '' });
  const again = await signet(['audit', 'add', '-', '--json'], JSON.stringify({ events: [one] }));
  expect(JSON.parse(again.stdout)).toEqual({ accepted: 0, duplicates: 1 });
  const wrong = await signet(['audit', 'add', '-'], JSON.stringify([event(), event({ sender: 7 })]));
  expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('/events/1/sender') });
  const broken = await signet(['audit', 'add', '-'], `${JSON.stringify(one)}\n{"id":\n`);
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('-:2: it is not JSON') });
  const latin = Buffer.from(JSON.stringify(event({ attachmentName: 'Übersicht.pdf' })), 'latin1');
  expect(await signetCommand(['audit', 'add', '-'], variables, latin)).toMatchObject({ code: 2, stderr: expect.stringContaining('UTF-8') });
});

test('a list says up to when it is whole while steps wait, as its JSON does on stderr, and names who stated a step', async () => {
  const dates = ['-StartDate', '2026-11-19', '-EndDate', '2026-11-21'];
  const searches = [
    ['audit', 'list', '--message', 'waiting@acme.example'],
    ['audit', 'list', '--message', 'waiting@acme.example', '--all', '--json'],
    ['Search-UnifiedAuditLog', ...dates],
    ['Search-UnifiedAuditLog', ...dates, '--json'],
  ];
  await ingestAll(api);
  expect((await signet(['audit', 'add', '-'], JSON.stringify([event({ messageId: 'waiting@acme.example' })]))).code).toBe(0);
  for (const words of searches) {
    const { code, stderr } = await signet(words);
    expect([words, code, stderr]).toEqual([
      words,
      0,
      expect.stringMatching(/^Some steps are still on their way: what is found is whole for those recorded before 20\S+Z\.$/m),
    ]);
  }
  const taken = [
    ['audit', 'export', '--message', 'waiting@acme.example'],
    ['audit', 'follow'],
    ['record', 'export'],
    ['record', 'follow'],
  ];
  const unsure = /^Something is still on its way into the log, which has all that was recorded before 20\S+Z\.$/m;
  for (const words of taken) expect([words, (await signet(words)).stderr]).toEqual([words, expect.stringMatching(unsure)]);
  await ingestAll(api);
  for (const words of taken.slice(0, 2)) expect([words, (await signet(words)).stderr]).toEqual([words, expect.not.stringMatching(unsure)]);
  for (const words of searches) expect([words, (await signet(words)).stderr]).toEqual([words, '']);
  const listed = await signet(['audit', 'list', '--message', 'waiting@acme.example']);
  const { items } = (await read('/v1/audit-entries?messageId=waiting@acme.example')) as unknown as { items: { source: string }[] };
  expect(items).toHaveLength(1);
  expect(items[0]?.source).not.toBe('signet');
  expect(listed.stdout).toMatch(new RegExp(`STATED BY[^]*${items[0]?.source}`));
});

/** Each option that says which entries are meant, and what the API is asked for in its place. */
const filterOptions: readonly (readonly [words: readonly string[], query: [name: string, value: string][]])[] = [
  [['--message', 'filtered@acme.example'], [['messageId', 'filtered@acme.example']]],
  [['--recipient', 'Ann@example.net'], [['recipient', 'Ann@example.net']]],
  [['--sender', 'dora@*'], [['sender', 'dora@*']]],
  [['--subject', 'budget spring'], [['subject', 'budget spring']]],
  [
    ['--operation', 'AuthenticateRequest', 'AttachmentReview'],
    [
      ['operation', 'AuthenticateRequest'],
      ['operation', 'AttachmentReview'],
    ],
  ],
  [['--method', 'Google'], [['authenticationMethod', 'Google']]],
  [['--sign-in', 'Failure'], [['authenticationStatus', 'Failure']]],
  [['--status', 'Failure'], [['operationStatus', 'Failure']]],
  [['--source', 'Mail client'], [['source', 'Mail client']]],
  [['--from', '2026-11-25'], [['from', '2026-11-25T00:00:00Z']]],
  [['--to', '2026-11-19T09:00:00+01:00'], [['to', '2026-11-19T08:00:00Z']]],
];

const subject = (value: string) => ({ operationProperties: [{ name: 'MailSubject', value }] });

test('each option of a search and of an export leaves out what the API leaves out, a count tells how many there are, and pages have them all', async () => {
  const addIn = await ask(api, 'POST /v1/api-keys', { key: acme.apiKey, body: { name: 'Mail client', scopes: ['audit:write'] } });
  const parties = { recipients: ['ann@example.net'], sender: 'dora@acme.example' };
  const steps = [
    event({ creationTime: '2026-11-19T07:59:59.999Z', ...parties }),
    event({ creationTime: '2026-11-25T00:00:00.000Z', messageId: 'filtered@acme.example', ...subject('A budget for spring') }),
    // Each has the value of one and lacks that of the other, so that two options in each other’s place are found out.
    event({ authenticationMethod: 'Google', authenticationStatus: 'Failure', operation: 'AuthenticateRequest' }),
    event({ authenticationMethod: 'OTP', authenticationStatus: 'Success', operationStatus: 'Failure' }),
    event({ authenticationMethod: 'OTP', authenticationStatus: 'Success' }),
  ];
  const others = { events: [event({ operation: 'AttachmentReview', ...parties, ...subject('A budget') })] };
  expect((await signet(['audit', 'add', '-'], JSON.stringify(steps))).code).toBe(0);
  expect((await ask(api, 'POST /v1/audit-events', { key: String(addIn.body['secret']), body: others })).status).toBe(202);
  await ingestAll(api);

  const asked = new Set(filterOptions.flatMap(([, query]) => query.map(([name]) => name)));
  const { count: _count, limit: _limit, cursor: _cursor, ...filters } = auditEntryFilters.shape;
  expect([...asked].toSorted()).toEqual(Object.keys(filters).toSorted());
  const all = (await read('/v1/audit-entries?count=true'))['matches'] as { count: number };
  for (const [words, query] of filterOptions) {
    const expected = await read(`/v1/audit-entries?count=true&${new URLSearchParams(query).toString()}`);
    const ids = (expected['items'] as { id: string }[]).map(({ id }) => id);
    expect(ids.length, words.join(' ')).toBeGreaterThan(0);
    expect(ids.length, words.join(' ')).toBeLessThan(all.count);
    const listed = await signet(['audit', 'list', ...words, '--count', '--json']);
    expect([words, listed.stderr, JSON.parse(listed.stdout)]).toEqual([words, '', { ...expected, indexedThrough: expect.any(String) }]);
    const exported = await signet(['audit', 'export', ...words]);
    const lines = exported.stdout.split('\n').slice(0, -1);
    expect([words, lines.map((line) => (JSON.parse(line) as { entry: { id: string } }).entry.id)]).toEqual([words, ids.toReversed()]);
  }
  // Page by page, and with what one option leaves another to leave out.
  const paged = await signet([
    'audit',
    'list',
    '--recipient',
    'bob@*',
    '--sign-in',
    'Success',
    '--from',
    '2026-11-20',
    '--limit',
    '1',
    '--all',
    '--json',
    '--count',
  ]);
  const { items } = await read('/v1/audit-entries?recipient=bob@*&authenticationStatus=Success&from=2026-11-20T00:00:00Z');
  expect(
    paged.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(items);
  expect(items).toHaveLength(2);
  const told = await signet(['audit', 'list', '--sign-in', 'Success', '--count']);
  expect([told.stdout.split('\n').length, told.stderr]).toEqual([4, '2 in all.\n']);
});

test('the log is followed from where it was left, and an entry is proved under the kept key, not under another one', async () => {
  await submitMail(api, acme, { messageId: '<followed@acme.example>', template: 'Acme' });
  await ingestAll(api);
  const first = await signet(['audit', 'follow', '--limit', '1']);
  expect(first).toMatchObject({ code: 0, stderr: 'Next time: --after 0\n' });
  const rest = await signet(['audit', 'follow', '--after', '0']);
  const all = [first, rest]
    .flatMap(({ stdout }) => stdout.split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as { logIndex: number });
  expect(all.map(({ logIndex }) => logIndex)).toEqual(all.map((_, index) => index));
  expect(all.length).toBeGreaterThan(1);
  const end = /--after (\d+)/.exec(rest.stderr)?.[1] ?? '';
  expect(await signet(['audit', 'follow', '--after', end])).toEqual({ code: 0, stdout: '', stderr: `Next time: --after ${end}\n` });
  expect(await signet(['audit', 'follow', '--after', 'x'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/after: ') });

  const [entry] = (await read('/v1/audit-entries?messageId=followed@acme.example'))['items'] as { id: string; logIndex: number }[];
  const id = String(entry?.id);
  expect(JSON.parse((await signet(['audit', 'show', id])).stdout)).toEqual(entry);
  expect(await signet(['audit', 'show', randomUUID()])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('not_found'),
  });
  expect(await signet(['audit', 'prove', id])).toMatchObject({ code: 1, stderr: expect.stringContaining('checkpoint_pending') });
  await sealLogs(api, acme.organizationId);
  const key = (await signet(['log', 'key'])).stdout.trim();
  const said = `ok entry ${entry?.logIndex} of ${all.length}\n`;
  expect(await signet(['audit', 'prove', id, '--key', key])).toEqual({ code: 0, stdout: said, stderr: '' });
  expect(await signet(['audit', 'prove', id])).toMatchObject({ code: 0, stdout: said, stderr: expect.stringContaining('--key') });
  const foreign = (await signet(['log', 'key', '--stream', 'admin'])).stdout.trim();
  expect(await signet(['audit', 'prove', id, '--key', foreign])).toMatchObject({ code: 1, stdout: '' });
  const proof = (await signet(['audit', 'prove', id, '--json'])).stdout;
  expect(JSON.parse(proof)).toEqual(await read(`/v1/audit-entries/${id}/proof`));

  const shown = `ok ${entry?.logIndex} of ${all.length}\n`;
  const proved = await prove(proof, '--key', key);
  expect(proved).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^${shown}`)), stderr: '' });
  expect(JSON.parse(proved.stdout.slice(shown.length))).toMatchObject({ id, messageId: '<followed@acme.example>' });
  expect(JSON.parse((await prove(proof, '--key', key, '--json')).stdout)).toMatchObject({
    logIndex: entry?.logIndex,
    signatureVerified: true,
    record: { id },
  });
  const unsigned = await prove(proof, '--json');
  expect(JSON.parse(unsigned.stdout)).toMatchObject({ signatureVerified: false });
  expect(unsigned.stderr).toContain('--key');
  expect(await prove(proof)).toMatchObject({ code: 0, stderr: expect.stringContaining('--key') });
  expect(await prove(proof, '--key', foreign)).toMatchObject({ code: 1, stdout: '' });
  expect(await prove(proof.replace('followed@', 'fallowed@'), '--key', key)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'signet: The record is not the one that was hashed.\n',
  });
  expect(await prove('{}')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('- is no proof') });

  const tile = await signet(['log', 'tile', `0/000.p/${all.length}`]);
  expect(tile).toMatchObject({ code: 0, stderr: '' });
  expect(tile.stdout).not.toBe('');
  expect(await signet(['log', 'tile', '0/009', '--stream', 'admin'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not_found'),
  });
});

test('imports are listed with their ids, and how far one has come is told by its id, with what was refused', async () => {
  for (let more = 0; more < 2; more += 1) expect((await signet(['audit', 'import', '--format', 'm365', '-'], '{}\n')).code).toBe(1);
  const listed = await signet(['audit', 'imports']);
  expect(listed).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^STARTED +ENDED +RECORDS +NEW +KNOWN +REFUSED +ID\n/),
  });
  const [last = '', first = ''] = listed.stdout.split('\n').slice(1);
  const id = / 1 +0 +0 +1 +(\S+)$/.exec(last)?.[1] ?? '';
  expect((await signet(['audit', 'imports', '--limit', '1'])).stdout).toBe(listed.stdout.replace(`${first}\n`, ''));
  expect(JSON.parse((await signet(['audit', 'imports', '--json'])).stdout)).toEqual(await read('/v1/audit-imports'));
  const shown = await signet(['audit', 'import-status', id]);
  expect(shown).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Records : 1$[^]*^Refused : 1$/m),
    stderr: expect.stringMatching(/^line 1: ./),
  });
  expect(await signet(['audit', 'import-status', randomUUID()])).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
});

test('a member’s sessions are listed, one is ended, then all', async () => {
  const bea = await addMember(api, acme.organizationId, 'bea@acme.example');
  for (let more = 0; more < 2; more += 1) await openSessionOf(api, acme.organizationId, bea.id);
  const sessions = async () =>
    (JSON.parse((await signet(['member', 'sessions', 'bea@acme.example', '--json'])).stdout) as { items: { id: string }[] }).items;
  const [one] = await sessions();
  expect((await signet(['member', 'sessions', bea.id])).stdout).toMatch(/^OPENED +LAST SEEN[^]*203\.0\.113\.7 +Test\/1\.0 +password/);
  const words = ['member', 'end-sessions', 'bea@acme.example'];
  expect(await signet([...words, '--session', String(one?.id)])).toMatchObject({ code: 0, stdout: '' });
  expect((await sessions()).map(({ id }) => id)).not.toContain(one?.id);
  expect(await signet(words)).toEqual({ code: 0, stdout: '', stderr: 'Ended 2 sessions of bea@acme.example.\n' });
  expect(await sessions()).toEqual([]);
  expect(await signet(['member', 'sessions', 'nobody@acme.example'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no member'),
  });
});

test('missing content is listed and looked for again; storage and statistics say what the API says', async () => {
  const id = await submitMail(api, acme, { messageId: '<gone@acme.example>', subject: 'Gone' });
  await api.database.system.query('update message set content_missing_since = clock_timestamp() where id = $1', [id]);
  expect((await signet(['missing-content', 'list'])).stdout).toMatch(
    new RegExp(`^MISSING SINCE[^]* Gone +alice@acme\\.example +<gone@acme\\.example> +${id}`),
  );
  const checked = await signet(['missing-content', 'check', '--json']);
  expect(JSON.parse(checked.stdout)).toEqual({ found: 1, missing: 0, nextCursor: null });
  expect(await signet(['missing-content', 'check'])).toMatchObject({ code: 0, stdout: '', stderr: '0 are there again; 0 are missing.\n' });
  expect(await signet(['missing-content', 'list'])).toMatchObject({ code: 0, stderr: 'Nothing is found.\n' });

  expect((await signet(['storage', 'forecast'])).stdout).toMatch(/^CONTENT +MESSAGES +BYTES\nstored +\d+ +\d+$/m);
  const forecast = await signet(['storage', 'forecast', '--erase-after-days', '0', '--json']);
  expect(JSON.parse(forecast.stdout)).toEqual(await read('/v1/storage-forecast?eraseAfterDays=0'));
  expect(await signet(['storage', 'forecast', '--erase-after-days', '9999'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/eraseAfterDays: '),
  });

  const [from, to] = ['2026-11-01', '2026-11-03'];
  const shown = await signet(['statistics', 'show', '--from', from, '--to', to]);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^FROM +RECORDED +SENT[^]*2026-11-02 00:00:00Z/) });
  const counted = await signet([
    'statistics',
    'show',
    '--from',
    from,
    '--to',
    to,
    '--interval',
    'hour',
    '--zone',
    'Europe/Zurich',
    '--json',
  ]);
  expect((JSON.parse(counted.stdout) as { intervals: unknown[] }).intervals).toHaveLength(48);
  expect(await signet(['statistics', 'show', '--from', to, '--to', from])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/to: '),
  });
});

test('the operations of a webhook may stand before its URL, one at a time or with commas, and a wrong one is named', async () => {
  const url = 'https://hooks.example.net/signet';
  const added = await signet([
    'webhook',
    'add',
    '--name',
    'Tickets',
    '--operation',
    'MessageAccess',
    '--operation',
    'LinkTouch',
    url,
    '--json',
  ]);
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(added.stdout)).toMatchObject({ url, operations: ['MessageAccess', 'LinkTouch'] });
  const { id } = JSON.parse(added.stdout) as { id: string };
  const set = await signet(['webhook', 'set', '--operation', 'MessageRevoke,MessageErase', id, '--json']);
  expect(JSON.parse(set.stdout)).toMatchObject({ operations: ['MessageRevoke', 'MessageErase'] });
  expect(await signet(['webhook', 'set', id, '--operation', 'Nothing'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nothing'),
  });
  const alone = await signet(['webhook', 'set', id, '--no-entries', '--checkpoints', '--json']);
  expect(JSON.parse(alone.stdout)).toMatchObject({ operations: [], checkpoints: true });
  expect((await signet(['webhook', 'list'])).stdout).toMatch(/Tickets.*none/);
  expect(await signet(['webhook', 'set', id, '--no-entries', '--all-operations'])).toMatchObject({ code: 2 });
  const both = await signet(['webhook', 'set', id, '--all-operations', '--no-checkpoints', '--json']);
  expect(JSON.parse(both.stdout)).toMatchObject({ operations: null, checkpoints: false });
});
