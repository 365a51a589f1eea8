import { once } from 'node:events';
import { createServer, Packet } from 'dns2';
import { afterAll, expect, test } from 'vitest';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, submitMail } from '../testing/test-organization.ts';

/** What the DNS says: TXT records by their names. */
const records = new Map<string, string>();
const dns = createServer({
  udp: true,
  handle: (request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    const found = records.get(question?.name ?? '');
    if (found === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN;
    else if (question) response.answers.push(Packet.createResourceFromQuestion(question, { ttl: 1, data: found.match(/.{1,255}/g) ?? [] }));
    void send(response);
  },
});
void dns.listen({ udp: { port: 0, address: '127.0.0.1' } });
await once(dns, 'listening');
afterAll(() => dns.close());

const api = await startTestApi({ DNS_SERVERS: `127.0.0.1:${dns.addresses().udp?.port ?? 0}` });
const acme = await createTestOrganization(api);
const variables = { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey };
const signet = (words: readonly string[], input?: string) => signetCommand(words, variables, input);
const itemsOf = async (path: `/${string}`) =>
  (await ask(api, `GET ${path}`, { key: acme.apiKey })).body['items'] as Record<string, unknown>[];
const needsYes = { code: 2, stdout: '', stderr: expect.stringContaining('add --yes') };

test('a domain is added, proved by its DNS, signed for with a key, and removed', async () => {
  const added = await signet(['domain', 'add', 'fern.example']);
  expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('signet domain verify fern.example') });
  const [, name = '', value = ''] = /^Name +: (\S+)\nValue +: (.+)\n$/.exec(added.stdout) ?? [];
  expect(await signet(['domain', 'verify', 'fern.example'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('domain_not_proved'),
  });
  records.set(name, value);
  expect(await signet(['domain', 'verify', 'fern.example'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('is the organization’s'),
  });

  const made = await signet(['domain', 'create-key', 'fern.example']);
  const [, id = ''] = /activate-key fern\.example (\S+)\n$/.exec(made.stderr) ?? [];
  const activate = ['domain', 'activate-key', 'fern.example', id];
  expect((await signet(activate)).code).toBe(1);
  const [, keyName = '', keyValue = ''] = /^Name +: (\S+)\nValue +: (.+)\n$/.exec(made.stdout) ?? [];
  records.set(keyName, keyValue);
  expect(await signet(activate)).toMatchObject({ code: 0, stderr: 'Mails of fern.example are signed with it from now on.\n' });
  expect((await signet(['domain', 'keys', 'fern.example'])).stdout).toMatch(new RegExp(`^SELECTOR[^]* yes +.*${id}\\n$`));

  const removeKey = ['domain', 'remove-key', 'fern.example', id];
  expect(await signet(removeKey)).toMatchObject(needsYes);
  expect((await signet([...removeKey, '--yes'])).code).toBe(0);
  expect(JSON.parse((await signet(['domain', 'keys', 'fern.example', '--json'])).stdout)).toEqual({ items: [] });
  expect(await signet(['domain', 'remove', 'fern.example'])).toMatchObject(needsYes);
  expect((await signet(['domain', 'list'])).stdout).toMatch(/^fern\.example +\d{4}-/m);
  expect((await signet(['domain', 'remove', 'fern.example', '--yes'])).code).toBe(0);
  expect((await signet(['domain', 'list'])).stdout).not.toContain('fern.example');
  expect(await signet(['domain', 'add', 'Fern'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/domain: ') });
});

test('a next hop is added with its password from standard input, changed and removed', async () => {
  const words = [
    'next-hop',
    'add',
    'smtp.partner.example',
    '--domain',
    'partner.example',
    '--tls',
    'implicit',
    '--username',
    'acme',
    '--password',
    '-',
  ];
  const added = await signet(words, 'canary\n');
  expect(added).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('partner.example goes to smtp.partner.example:465') });
  const [hop] = await itemsOf('/v1/next-hops');
  expect(hop).toMatchObject({ domain: 'partner.example', host: 'smtp.partner.example', port: 465, tls: 'implicit', username: 'acme' });
  const id = String(hop?.['id']);
  expect((await signet(['next-hop', 'list'])).stdout).toMatch(
    new RegExp(`^partner\\.example +smtp\\.partner\\.example +465 +implicit +acme +${id}$`, 'm'),
  );
  expect(await signet(['next-hop', 'set', id, '--port', '99999'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/port: ') });
  expect(await signet(['next-hop', 'set', id, '--no-sign-in', '--username', 'x'])).toMatchObject({ code: 2 });
  const changed = await signet(['next-hop', 'set', id, '--all-others', '--tls', 'required', '--no-sign-in', '--json']);
  expect(JSON.parse(changed.stdout)).toEqual((await itemsOf('/v1/next-hops'))[0]);
  expect((await itemsOf('/v1/next-hops'))[0]).toMatchObject({ domain: null, tls: 'required', username: null });
  expect(await signet(['next-hop', 'remove', id])).toMatchObject(needsYes);
  expect((await signet(['next-hop', 'remove', id, '--yes'])).code).toBe(0);
  expect(await itemsOf('/v1/next-hops')).toEqual([]);
});

test('a mail system is trusted by its network or its certificate, and no more once that is revoked', async () => {
  expect(await signet(['trust', 'create', 'Relay'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--network and --certificate'),
  });
  const made = await signet(
    ['trust', 'create', 'Relay', '--network', '192.0.2.0/24', '--header', 'X-Acme', '--header-value', '-'],
    'canary\n',
  );
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('192.0.2.0/24') });
  const certified = await signet(['trust', 'create', 'Exchange', '--certificate', 'mail.acme.example', '--json']);
  const { id } = JSON.parse(certified.stdout) as { id: string };
  expect((await signet(['trust', 'list'])).stdout).toMatch(/^Relay +network +192\.0\.2\.0\/24 +x-acme/m);
  expect(await signet(['trust', 'create', 'Wrong', '--network', 'everywhere'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/value: '),
  });
  expect(await signet(['trust', 'revoke', id])).toMatchObject(needsYes);
  expect((await signet(['trust', 'revoke', id, '--yes'])).code).toBe(0);
  const trusts = await itemsOf('/v1/submission-trusts');
  expect(Object.fromEntries(trusts.map(({ name, revokedAt }) => [name, revokedAt !== null]))).toEqual({ Relay: false, Exchange: true });
});

test('what was given up is listed and tried again, one row or everything', async () => {
  for (const name of ['one', 'two', 'three']) await submitMail(api, acme, { messageId: `<${name}@acme.example>`, subject: name });
  await api.database.system.query(
    "update outbox set dead_at = clock_timestamp(), attempts = 132, last_error = '451 4.3.0 Not now' where kind = 'send-wrapper-mail'",
  );
  const listed = await signet(['outbox', 'list', '--json']);
  const rows = (JSON.parse(listed.stdout) as { items: { id: string }[] }).items;
  expect(rows).toHaveLength(3);
  expect((await signet(['outbox', 'list'])).stdout).toMatch(
    /send-wrapper-mail +dead +bob@example\.net +three +132 +451 4\.3\.0 Not now +yes/,
  );
  const revived = await signet(['outbox', 'revive', String(rows[0]?.id)]);
  expect(revived).toMatchObject({ code: 0, stdout: expect.stringContaining('retrying') });
  expect(await signet(['outbox', 'revive'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') });
  expect(await signet(['outbox', 'revive', '--all'])).toEqual({ code: 0, stdout: '', stderr: '2 are tried again.\n' });
  expect(await itemsOf('/v1/outbox?state=dead')).toEqual([]);
  expect(await signet(['outbox', 'revive', '999999'])).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
});
