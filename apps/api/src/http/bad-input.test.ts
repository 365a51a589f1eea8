import { asSuperuser } from '@signet/db/testing/test-database';
import { request as httpRequest } from 'node:http';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { problem } from '@signet/api-contract/problem';
import { openMemberSession } from '@signet/db/member-session';
import { setMember } from '@signet/db/organization';
import { beginSenderSession } from '@signet/db/sender-session';
import { expect, test } from 'vitest';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { createFixture, mailWith } from '../recipient/testing/recipient-fixture.ts';
import { operationsOf, type JsonSchema, type OpenApi, type Operation } from '../testing/access-table.ts';
import { badBodies, badParameters, canary, hugeNumber, resolver } from '../testing/bad-values.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const readers = await createFixture(api, { domain: 'readers.example' });
const description = (await ask(api, 'GET /openapi.json')).body as unknown as OpenApi;
const resolve = resolver(description);
const operations = operationsOf(description);

/** Credentials by the document's name for them: what is wrong with a request must be its input, not who sends it. */
const [recipient] = await readers.storeMail(mailWith());
if (!recipient) throw new Error('No recipient');
const reader = await readers.signIn(recipient);
const memberToken = newToken();
const scope = api.database.forOrganization(acme.organizationId);
const memberId = await scope.administer((tx) => setMember(tx, { email: 'auditor@acme.example', role: 'auditor', passwordHash: 'none' }));
const opened = { memberId, tokenHash: hashOfSecret(memberToken), factors: ['password'], clientIp: null, userAgent: null } as const;
await scope.transaction((tx) => openMemberSession(tx, opened));
const senderToken = newToken();
const senderSession = { addressKey: 'alice@acme.example', tokenHash: hashOfSecret(senderToken), at: new Date() };
await scope.transaction((tx) => beginSenderSession(tx, senderSession));
const headersOf: Readonly<Record<string, Record<string, string>>> = {
  apiKey: { authorization: `Bearer ${acme.apiKey}` },
  memberSession: { authorization: `Bearer ${memberToken}` },
  senderSession: { authorization: `Bearer ${senderToken}` },
  portalSecret: api.portalHeaders(),
  recipientSession: { [portalHeader.session]: reader.session },
};

/** A place of an operation: a real link, otherwise things that are not there; parameters as given. */
function placeOf({ path, parameters }: Operation, given: Readonly<Record<string, string>> = {}, query = new URLSearchParams()): string {
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const { format, type } = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema ?? {};
    if (name === 'token') return given[name] ?? reader.token;
    return given[name] ?? (format === 'uuid' ? crypto.randomUUID() : type === 'integer' ? '0' : 'nothing');
  });
  return `${place}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

interface Sent {
  readonly place?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}
interface Answered {
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
}

async function send(operation: Operation, { place = placeOf(operation), headers = {}, body }: Sent): Promise<Answered> {
  const [way = {}] = operation.security;
  const credentials = Object.assign({}, ...Object.keys(way).map((scheme) => headersOf[scheme])) as Record<string, string>;
  const response = await fetch(`${api.url}${place}`, {
    method: operation.method,
    headers: { ...credentials, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await response.text(), contentType: response.headers.get('content-type') ?? '' };
}

const json = { 'content-type': 'application/json' };
const sendJson = (operation: Operation, value: unknown) =>
  send(operation, { headers: json, body: JSON.stringify(value).replaceAll(`"${hugeNumber}"`, '1e400') });

/** What an answer to bad input lacks; empty when all is as it should be. */
function faultsOf({ status, text, contentType }: Answered, allowed: readonly number[], pointer?: { at: string; loose: boolean }): string[] {
  const faults: string[] = [];
  if (!allowed.includes(status)) faults.push(`answers ${status}`);
  if (text.includes(canary)) faults.push('repeats the value');
  const read = problem.safeParse(contentType.startsWith('application/problem+json') ? JSON.parse(text) : undefined);
  if (!read.success || read.data.status !== status) return [...faults, `is no problem: ${contentType} ${text.slice(0, 200)}`];
  const pointers = read.data.errors?.map((error) => error.pointer) ?? [];
  if (pointer && status === 400) {
    const isNamed = pointers.some(
      (named) => named === pointer.at || (pointer.loose && (pointer.at.startsWith(named) || named.startsWith(`${pointer.at}/`))),
    );
    if (!isNamed) faults.push(`names ${pointers.join(', ') || 'nothing'} and not ${pointer.at}`);
  }
  return faults;
}

/** How many rows each table has; tries are counted even where they are refused. */
async function rowCounts(): Promise<Record<string, number>> {
  const tables = await asSuperuser<{ name: string }>(
    api.settings.DATABASE_URL,
    "select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'rate_limit%'",
  );
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*)::int as count from "${name}"`).join(' union all ');
  const rows = await asSuperuser<{ name: string; count: number }>(api.settings.DATABASE_URL, counts);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

interface Try {
  readonly what: string;
  readonly allowed: readonly number[];
  readonly pointer?: { readonly at: string; readonly loose: boolean };
  readonly answer: () => Promise<Answered>;
}

/** What bad input may do: nothing, neither wrong answers nor rows. */
const nothing = { faults: [], changes: [] };

/** Sends all of them. @returns what is wrong with the answers, and which tables have other rows than before. */
async function outcomeOf(tries: readonly Try[]): Promise<{ faults: string[]; changes: string[] }> {
  const before = await rowCounts();
  const faults: string[] = [];
  for (const { what, answer, allowed, pointer } of tries) {
    faults.push(...faultsOf(await answer(), allowed, pointer).map((fault) => `${what}: ${fault}`));
  }
  const after = await rowCounts();
  return { faults, changes: Object.keys(after).filter((table) => after[table] !== before[table]) };
}

/** A body of bytes alone is no JSON: what becomes of a wrong picture stands in branding-image.controller.test.ts. */
const withBody = operations.filter(({ requestBody }) => requestBody?.content['application/json']);
const withPath = operations.filter(({ parameters }) => parameters.some((parameter) => parameter.in === 'path'));
const withHeaders = operations.filter(({ parameters }) => parameters.some((parameter) => parameter.in === 'header'));
/** Everything but what is the same for everybody and asked by machines that add what they like. */
const guarded = operations.filter(({ security }) => security.length > 0);

test('there is something to try of every kind', () => {
  expect(Math.min(withBody.length, withPath.length, withHeaders.length)).toBeGreaterThan(5);
  const schemes = new Set(guarded.flatMap(({ security }) => Object.keys(security[0] ?? {})));
  expect(Object.keys(headersOf)).toEqual(expect.arrayContaining([...schemes]));
});

test.each(withBody)('$operationId names every wrong field of its body, and does nothing', async (operation) => {
  const bad = badBodies(operation.requestBody?.content['application/json']?.schema, resolve);
  expect(bad.length).toBeGreaterThan(5);
  expect(
    await outcomeOf(
      bad.map(({ what, value, pointer, loose = false }) => ({
        what: `${pointer}: ${what}`,
        answer: () => sendJson(operation, value),
        allowed: [400],
        pointer: { at: pointer, loose },
      })),
    ),
  ).toEqual(nothing);
});

test.each(withBody)('$operationId refuses a body that is none: broken, in another form, hostile, or too long', async (operation) => {
  const raw = (what: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = json, allowed = [400]) => ({
    what,
    answer: () => send(operation, { headers, body }),
    allowed,
  });
  expect(
    await outcomeOf([
      raw('broken JSON', `{"${canary}": `),
      raw('JSON with a comma too many', '{"a":1,}'),
      raw('text', canary),
      raw('NUL', '\0'),
      raw('invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
      raw('a key of prototypes', `{"__proto__":{"${canary}":true}}`),
      raw('a deep key of prototypes', `{"a":{"b":[{"__proto__":{"${canary}":true}}]}}`),
      raw('deep lists', '['.repeat(100_000) + ']'.repeat(100_000)),
      raw('deep objects', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)),
      raw('too long', JSON.stringify({ surprise: canary.repeat(100_000) }), json, [400, 413]),
      raw('a form', `a=${canary}`, { 'content-type': 'application/x-www-form-urlencoded' }, [415]),
      raw('another form', '{}', { 'content-type': 'text/plain' }, [415]),
      raw('XML', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`, { 'content-type': 'application/xml' }, [415]),
      raw('a form of files', `--x\r\n\r\n${canary}\r\n--x--`, { 'content-type': 'multipart/form-data; boundary=x' }, [415]),
      { what: 'longer than anything may be', answer: () => declareLength(operation, 100 * 1024 * 1024), allowed: [413] },
    ]),
  ).toEqual(nothing);
});

test.each(guarded)('$operationId refuses what its query must not have, and names it', async (operation) => {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  const single = parameters.filter(({ schema }) => resolve(schema).type !== 'array');
  const inQuery = (what: string, name: string, values: readonly string[], loose = false) => ({
    what: `${name}: ${what}`,
    answer: () =>
      send(operation, { place: placeOf(operation, {}, new URLSearchParams(values.map((value): [string, string] => [name, value]))) }),
    allowed: [400],
    pointer: { at: `/${name}`, loose },
  });
  expect(
    await outcomeOf([
      inQuery('not known', 'surprise', [canary]),
      inQuery('not known', '__proto__', [canary]),
      ...single.map(({ name }) => inQuery('twice', name, [canary, canary])),
      ...parameters.flatMap((parameter) =>
        badParameters(parameter, resolve).map(({ what, value, loose }) => inQuery(what, parameter.name, [value], loose)),
      ),
    ]),
  ).toEqual(nothing);
});

test.each(withPath)('$operationId answers a path that names nothing as bad or as not there', async (operation) => {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const odd = [
    '%00',
    '%ff',
    '%ed%a0%80',
    '%2e%2e%2f',
    '%2f',
    '%0d%0aX:%20y',
    '__proto__',
    '..%5c',
    "'%20or%201=1--",
    canary,
    canary.repeat(300),
  ];
  expect(
    await outcomeOf(
      inPath.flatMap(({ name }) =>
        odd.map((value) => ({
          what: `${name} ${value.slice(0, 20)}`,
          answer: () => send(operation, { place: placeOf(operation, { [name]: value }) }),
          allowed: [400, 404],
        })),
      ),
    ),
  ).toEqual(nothing);
});

test.each(withHeaders)('$operationId refuses a wrong header, and names it', async (operation) => {
  const inHeader = operation.parameters.filter((parameter) => parameter.in === 'header');
  expect(
    await outcomeOf(
      inHeader.flatMap((parameter) =>
        badParameters(parameter, resolve)
          // What a header cannot carry at all never arrives.
          .filter(({ value }) => /^[\u0021-\u007e]+$/.test(value))
          .map(({ what, value, pointer }) => ({
            what: `${parameter.name}: ${what}`,
            answer: () => send(operation, { headers: { [parameter.name]: value } }),
            allowed: [400],
            pointer: { at: pointer, loose: false },
          })),
      ),
    ),
  ).toEqual(nothing);
});

test('no text of a request is without a limit', () => {
  const unlimited = operations.flatMap(({ operationId, parameters, requestBody }) => {
    const texts = parameters.flatMap(({ in: where, name, schema }) => (where === 'query' ? textsIn(schema, `/${name}`) : []));
    return [...texts, ...textsIn(requestBody?.content['application/json']?.schema, '')].map((pointer) => `${operationId} ${pointer}`);
  });
  // The mail itself: as long as a body may be.
  expect(unlimited.toSorted()).toEqual(['explainMailRules /raw', 'submitMessage /raw']);
});

test('what was sent is in no log line', () => {
  expect(api.logLines.length).toBeGreaterThan(500);
  expect(api.logLines.filter((line) => line.includes(canary))).toEqual([]);
  expect(api.logLines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});

/** Pointers of texts in a schema that have no limit. */
function textsIn(given: JsonSchema | undefined, pointer: string): string[] {
  const schema = resolve(given);
  const isOneOf = schema.enum !== undefined || schema.const !== undefined;
  const isLimited = schema.maxLength !== undefined || isOneOf || /^(uuid|date-time)$/.test(schema.format ?? '');
  return [
    ...(schema.type === 'string' && !isLimited ? [pointer] : []),
    ...(schema.items ? textsIn(schema.items, `${pointer}/0`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((branch) => textsIn(branch, pointer)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => textsIn(property, `${pointer}/${name}`)),
  ];
}

/** Announces a body of a length, of which nothing is sent. */
function declareLength(operation: Operation, length: number): Promise<Answered> {
  const [way = {}] = operation.security;
  const credentials = Object.assign({}, ...Object.keys(way).map((scheme) => headersOf[scheme])) as Record<string, string>;
  return new Promise((resolveAnswer, reject) => {
    const request = httpRequest(`${api.url}${placeOf(operation)}`, {
      method: operation.method,
      headers: { ...credentials, ...json, 'content-length': String(length) },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        request.destroy();
        resolveAnswer({
          status: response.statusCode ?? 0,
          text: Buffer.concat(pieces).toString('utf8'),
          contentType: response.headers['content-type'] ?? '',
        });
      });
    });
    request.flushHeaders();
  });
}
