import { beforeEach, expect, test } from 'vitest';
import { asSuperuser } from '@signet/db/testing/test-database';
import { signetCommand } from '../testing/signet-command.ts';
import { spawnApi } from '../testing/spawned-api.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, ingestAll } from '../testing/test-organization.ts';
import { offerSetup } from './offer-setup.ts';

const api = await startTestApi();
const another = { url: await api.startAnother() };
const wanted = { organizationName: 'Fern', domain: 'fern.example', adminEmail: 'Ada@fern.example' };
const setUp = (token: string, body: object = wanted, at: { url: string } = api) => ask(at, 'POST /v1/setup', { body: { token, ...body } });

/** The token of what was printed: alone on its line, and nowhere else. */
function tokenIn(printed: string | null): string {
  const [, token] = /\n {2}([\w-]{43})\n/.exec(printed ?? '') ?? [];
  if (token === undefined) throw new Error(`No token was printed: ${printed}`);
  return token;
}

const offer = async () => tokenIn(await offerSetup(api.database.system));

/** As the migrations leave it: no organization, no row of one. */
beforeEach(async () => {
  await asSuperuser(
    api.settings.DATABASE_URL,
    `do $$ begin execute (
       select 'truncate ' || string_agg(format('%I', tablename), ', ') from pg_tables where schemaname = 'public' and tablename <> '_prisma_migrations'
     ); end $$`,
  );
});

test('with the token the first organization is made as every new one, tracking off, and its first admin chooses a password by a link', async () => {
  const made = await setUp(await offer());
  expect(made).toMatchObject({
    status: 201,
    body: { organizationName: 'Fern', domain: 'fern.example', adminEmail: 'ada@fern.example', invitationUrl: expect.any(String) },
  });
  const invitation = new URL(String(made.body['invitationUrl']));
  expect(invitation.href).toMatch(/^http:\/\/localhost:3000\/admin\/invitation\/[\w-]{43}$/);
  const token = invitation.pathname.split('/').at(-1);
  const headers = api.portalHeaders();
  const look = () => ask(api, 'POST /v1/invitations/lookup', { headers, body: { token } });
  expect((await look()).body).toMatchObject({ organizationName: 'Fern', email: 'ada@fern.example', role: 'admin' });
  const accepted = await ask(api, 'POST /v1/invitations/acceptance', { headers, body: { token, password: 'correct horse battery' } });
  expect(accepted.status).toBe(201);
  expect((await look()).status).toBe(410);

  const [organization] = await api.database.system.query(
    `select enable_portal_tracking_logs as tracking, require_second_factor as second_factor,
       (select array_agg(domain) from organization_domain) as domains,
       (select array_agg(name) from branding_template where is_default) as templates,
       (select array_agg(rule->>'name' order by position) from mail_rule) as rules
     from organization`,
  );
  expect(organization).toEqual({
    tracking: false,
    second_factor: true,
    domains: ['fern.example'],
    templates: ['OME Configuration'],
    rules: ['Secure by the subject', 'Secure by the sensitivity label'],
  });
});

test('what is made is on record, with where it was made from and nobody’s name guessed, and without token or link', async () => {
  const token = await offer();
  const { body } = await setUp(token);
  await ingestAll(api);
  const records = await api.database.system.query<{ record: object }>('select record from admin_record order by log_index');
  const nobody = { kind: 'unknown', id: null, address: null };
  expect(records.map(({ record }) => record)).toMatchObject([
    { action: 'OrganizationCreate', actor: nobody, clientIp: '127.0.0.1' },
    { action: 'MemberInvite', actor: nobody, clientIp: '127.0.0.1', after: { email: 'ada@fern.example', role: 'admin' } },
  ]);
  const stored = JSON.stringify(records) + api.logLines.join('\n');
  expect(stored).not.toContain(token);
  expect(stored).not.toContain(String(body['invitationUrl']).split('/').at(-1));
});

test('a used token, a replaced one, a wrong one and none offered are refused alike, byte for byte, and nothing is made', async () => {
  const replaced = await offer();
  const good = await offer();
  const before = [await setUp(replaced), await setUp('wrong')];
  expect((await setUp(good)).status).toBe(201);
  const after = [await setUp(good), await setUp('wrong')];
  for (const { status, text: said } of [...before, ...after]) {
    const { instance: _of, ...problem } = JSON.parse(said) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code: 'setup_refused' });
    expect(problem['detail']).toBe(before[0]?.body['detail']);
    expect(status).toBe(403);
  }
  expect(await api.database.system.query('select 1 from setup_token')).toEqual([]);
  expect(await api.database.system.query('select 1 from organization')).toHaveLength(1);
});

test('a link that was lost or has expired is replaced: a token is offered until somebody can sign in, and then no more', async () => {
  const first = await setUp(await offer());
  const again = await setUp(await offer(), { ...wanted, organizationName: 'Another name' });
  expect(again).toMatchObject({
    status: 201,
    body: { organizationId: first.body['organizationId'], organizationName: 'Fern', adminEmail: 'ada@fern.example' },
  });
  const other = await setUp(await offer(), { ...wanted, adminEmail: 'bea@fern.example' });
  expect(other).toMatchObject({ status: 201, body: { organizationId: first.body['organizationId'] } });
  const accept = ({ body }: { body: Record<string, unknown> }) =>
    ask(api, 'POST /v1/invitations/acceptance', {
      headers: api.portalHeaders(),
      body: { token: new URL(String(body['invitationUrl'])).pathname.split('/').at(-1), password: 'correct horse battery' },
    });
  expect((await accept(first)).status).toBe(410);
  expect((await accept(again)).status).toBe(201);
  expect(await api.database.system.query('select 1 from organization')).toHaveLength(1);
  expect(await offerSetup(api.database.system)).toBeNull();
  expect(await api.database.system.query('select 1 from setup_token')).toEqual([]);
});

test('who is a member in another role is not made an admin by setting up, and the token stays good', async () => {
  await setUp(await offer());
  await api.database.system.query(`update member set role = 'auditor'`);
  const token = await offer();
  expect(await setUp(token)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/adminEmail' }] } });
  expect((await setUp(token, { ...wanted, adminEmail: 'bea@fern.example' })).status).toBe(201);
});

test('of two who set up at once through two processes exactly one wins, and nothing of the other’s stays', async () => {
  const token = await offer();
  const answers = await Promise.all(
    [api, another, api, another].map((at, index) => setUp(token, { ...wanted, organizationName: `Fern ${index}` }, at)),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403, 403, 403]);
  expect(await api.database.system.query('select 1 from organization')).toHaveLength(1);
  expect(await api.database.system.query('select 1 from member')).toHaveLength(1);
});

test('what is wrong is named and uses no token up; tries are limited by the network that they come from', async () => {
  const token = await offer();
  expect(await setUp(token, { ...wanted, adminEmail: 'ada@elsewhere.example' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/adminEmail', detail: 'must be of the mail domain fern.example' }] },
  });
  expect(await setUp(token, { ...wanted, domain: 'Fern' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/domain' }] } });
  const tries = await Promise.all(Array.from({ length: 25 }, () => setUp('wrong')));
  expect(tries.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  const last = await setUp(token);
  expect([last.status, Number(last.headers.get('retry-after')) > 0]).toEqual([429, true]);
});

test('a production api prints a token on stdout at each start, `signet setup` takes it, and once somebody can sign in a start prints none', async () => {
  const production = { SIGNET_MODE: 'production' };
  const first = await spawnApi(api, production);
  await expect.poll(first.output, { timeout: 30_000 }).toContain('signet setup');
  const second = await spawnApi(api, production);
  await expect.poll(second.output, { timeout: 30_000 }).toContain('signet setup');
  const [replaced, token] = [tokenIn(first.output()), tokenIn(second.output())];

  const words = ['setup', '--name', 'Fern', '--domain', 'fern.example', '--admin', 'ada@fern.example'];
  expect(await signetCommand(words, { SIGNET_API_URL: second.url })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('SIGNET_SETUP_TOKEN'),
  });
  const refused = await signetCommand(words, { SIGNET_API_URL: second.url, SIGNET_SETUP_TOKEN: replaced });
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('setup_refused') });
  const done = await signetCommand(words, { SIGNET_API_URL: first.url, SIGNET_SETUP_TOKEN: token });
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^http:\/\/localhost:3000\/admin\/invitation\/[\w-]{43}\n$/),
    stderr: expect.stringContaining('The organization Fern is there, for fern.example.'),
  });
  expect((await signetCommand(words, { SIGNET_API_URL: first.url, SIGNET_SETUP_TOKEN: token })).code).toBe(1);
  const accepted = await ask(api, 'POST /v1/invitations/acceptance', {
    headers: api.portalHeaders(),
    body: { token: done.stdout.trim().split('/').at(-1), password: 'correct horse battery' },
  });
  expect(accepted.status).toBe(201);
  const third = await spawnApi(api, production);
  expect((await fetch(`${third.url}/health/ready`)).status).toBe(200);
  third.child.kill('SIGTERM');
  await new Promise((ended) => third.child.once('close', ended));
  expect(third.output()).not.toContain('signet setup');
  // Each token was printed once, and no line of the log holds it.
  expect(first.output().split(replaced)).toHaveLength(2);
  expect(second.output().split(token)).toHaveLength(2);
});
