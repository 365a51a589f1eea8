import { routes } from '@signet/api-contract/routes';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { createApiKey, revokeApiKey } from '@signet/db/api-key';
import { endMemberSession, findMemberSession, openMemberSession } from '@signet/db/member-session';
import { setMember } from '@signet/db/organization';
import { beginSenderSession } from '@signet/db/sender-session';
import { permissions, roleNames, roles, type Permission, type Role } from '@signet/domain/role';
import { expect, test } from 'vitest';
import { createFixture, mailWith } from '../recipient/testing/recipient-fixture.ts';
import {
  accessTo,
  operationsOf,
  permissionsOf,
  type Access,
  type Credentials,
  type OpenApi,
  type Operation,
  type Parameter,
} from '../testing/access-table.ts';
import { rolesDocument } from '../testing/roles-document.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';
import { refusedActs } from './refused-act.ts';
import { hashOfSecret, newApiKeySecret, newToken } from './secret.ts';

/** Somebody who calls: what they bring according to the document, and the headers that bring it. */
interface Caller extends Credentials {
  readonly name: string;
  /** Makes them anew for each request: some end their own session. @param token of the link that is asked about. */
  arrive(): Promise<{ readonly headers: Record<string, string>; readonly token?: string }>;
}

const api = await startTestApi();
const acme = await createTestOrganization(api);
const scope = api.database.forOrganization(acme.organizationId);
const readers = await createFixture(api, { domain: 'readers.example' });
const portal = api.portalHeaders();
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const description = (await ask(api, 'GET /openapi.json')).body as unknown as OpenApi;
const operations = operationsOf(description);

const memberIds = new Map<Role, string>();
for (const role of roleNames) {
  const memberId = await scope.administer((tx) => setMember(tx, { email: `${role}@acme.example`, role, passwordHash: 'none' }));
  memberIds.set(role, memberId);
}

async function openSession(role: Role, minutesAgo = 0): Promise<string> {
  const token = newToken();
  const memberId = String(memberIds.get(role));
  await scope.transaction((tx) =>
    openMemberSession(tx, { memberId, tokenHash: hashOfSecret(token), factors: ['password'], clientIp: null, userAgent: null }),
  );
  await scope.query(
    'update member_session set authenticated_at = authenticated_at - make_interval(mins => $3) where organization_id = $1 and token_hash = $2',
    [acme.organizationId, hashOfSecret(token), minutesAgo],
  );
  return token;
}

/** An admin of an organization that asks for a second factor, who has none. */
const globex = await createTestOrganization(api, 'globex');
const strict = api.database.forOrganization(globex.organizationId);
await strict.query('update organization set require_second_factor = true where id = $1', [globex.organizationId]);
const unprotected = await strict.administer((tx) => setMember(tx, { email: 'new@globex.example', role: 'admin', passwordHash: 'none' }));

async function sessionWithoutSecondFactor(): Promise<string> {
  const token = newToken();
  const session = {
    memberId: unprotected,
    tokenHash: hashOfSecret(token),
    factors: ['invitation'],
    clientIp: null,
    userAgent: null,
  } as const;
  await strict.transaction((tx) => openMemberSession(tx, session));
  return token;
}

async function openSenderSession(): Promise<string> {
  const token = newToken();
  const session = { addressKey: 'alice@acme.example', tokenHash: hashOfSecret(token), at: new Date() };
  await scope.transaction((tx) => beginSenderSession(tx, session));
  return token;
}

async function endedSession(): Promise<string> {
  const token = await openSession('admin');
  const session = await findMemberSession(api.database.system, hashOfSecret(token));
  await scope.transaction((tx) => endMemberSession(tx, String(session?.memberId), String(session?.sessionId)));
  return token;
}

const createdBy = { kind: 'system', id: null, address: null, name: 'Signet' } as const;

async function newKey(name: string, scopes: readonly Permission[]): Promise<{ secret: string; id: string }> {
  const secret = newApiKeySecret();
  const key = await scope.administer((tx) => createApiKey(tx, { name, hint: 'sk_…', secretHash: hashOfSecret(secret), scopes, createdBy }));
  return { secret, id: key.id };
}

const keys = await Promise.all(
  [[], ...permissions.map((permission) => [permission])].map(async (scopes): Promise<Caller> => {
    const name = `API key: ${scopes[0] ?? 'no scope'}`;
    const { secret } = await newKey(name, scopes);
    return { name, schemes: ['apiKey'], permissions: scopes, arrive: async () => ({ headers: bearer(secret) }) };
  }),
);
const revoked = await newKey('Revoked', permissions);
await scope.administer((tx) => revokeApiKey(tx, revoked.id, new Date()));

const link = await readers.storeMail(mailWith());
const nothing = { permissions: [], schemes: [] } as const;

const callers: readonly Caller[] = [
  ...roleNames.map((role) => ({
    name: `member: ${role}`,
    schemes: ['memberSession', 'portalSecret'],
    permissions: roles[role],
    arrive: async () => ({ headers: { ...portal, ...bearer(await openSession(role)) } }),
  })),
  ...(['admin', 'helpdesk'] as const).map((role) => ({
    name: `member: ${role}, signed in long ago`,
    schemes: ['memberSession', 'portalSecret'],
    permissions: roles[role],
    lacks: 'recent authentication' as const,
    arrive: async () => ({ headers: { ...portal, ...bearer(await openSession(role, 16)) } }),
  })),
  {
    name: 'member: admin, without the second factor that is asked for',
    schemes: ['memberSession', 'portalSecret'],
    permissions: roles.admin,
    lacks: 'second factor',
    arrive: async () => ({ headers: { ...portal, ...bearer(await sessionWithoutSecondFactor()) } }),
  },
  ...keys,
  {
    name: 'recipient',
    schemes: ['recipientSession', 'portalSecret'],
    permissions: [],
    arrive: async () => {
      const [recipient] = await readers.storeMail(mailWith(), [`${newToken().slice(0, 12).toLowerCase()}@example.net`]);
      if (!recipient) throw new Error('No recipient');
      const { session, token } = await readers.signIn(recipient);
      return { headers: { ...portal, [portalHeader.session]: session }, token };
    },
  },
  {
    name: 'sender',
    schemes: ['senderSession', 'portalSecret'],
    permissions: [],
    arrive: async () => ({ headers: { ...portal, ...bearer(await openSenderSession()) } }),
  },
  { name: 'sender without the portal', ...nothing, arrive: async () => ({ headers: bearer(await openSenderSession()) }) },
  { name: 'portal', schemes: ['portalSecret'], permissions: [], arrive: async () => ({ headers: portal }) },
  { name: 'nobody', ...nothing, arrive: async () => ({ headers: {} }) },
  { name: 'member without the portal', ...nothing, arrive: async () => ({ headers: bearer(await openSession('admin')) }) },
  {
    name: 'member with a wrong portal secret',
    ...nothing,
    arrive: async () => ({ headers: { ...portal, [portalHeader.secret]: newToken(), ...bearer(await openSession('admin')) } }),
  },
  {
    name: 'member who has signed out',
    schemes: ['portalSecret'],
    permissions: [],
    arrive: async () => ({ headers: { ...portal, ...bearer(await endedSession()) } }),
  },
  { name: 'revoked API key', ...nothing, arrive: async () => ({ headers: bearer(revoked.secret) }) },
  { name: 'made-up API key', ...nothing, arrive: async () => ({ headers: bearer(newApiKeySecret()) }) },
];

/** A value that a parameter's schema takes, and that names nothing. */
function placeholder(parameter: Parameter | undefined): string {
  const { format, type } = parameter?.schema ?? {};
  if (format === 'uuid') return crypto.randomUUID();
  return type === 'integer' || type === 'number' ? '0' : 'nothing';
}

/** Asks an operation about things that are not there; who may not come in learns nothing of that, and who may is told. */
async function accessOf({ method, path, parameters }: Operation, caller: Caller): Promise<Access> {
  const { headers, token = link[0]?.token } = await caller.arrive();
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'token' ? String(token) : placeholder(parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)),
  );
  const wanted = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = new URLSearchParams(wanted.map((parameter): [string, string] => [parameter.name, placeholder(parameter)]));
  const answer = await ask(api, `${method} /${place.slice(1)}?${query.toString()}`, { headers });
  expect(answer.status, `${caller.name}: ${answer.text.slice(0, 500)}`).toBeLessThan(500);
  return refusals.get(`${answer.status} ${String(answer.body['code'])}`) ?? 'allowed';
}

const refusals = new Map<string, Access>([
  ['401 unauthenticated', 'unauthenticated'],
  ['403 forbidden', 'forbidden'],
  ['403 second_factor_required', 'second_factor_required'],
  ['403 reauthentication_required', 'reauthentication_required'],
]);

test('the description served has every route of the contract, and every credential that it names is tried here', () => {
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(routes).toSorted());
  const brought = new Set(callers.flatMap(({ schemes }) => schemes));
  expect([...brought].toSorted()).toEqual(Object.keys(description.components.securitySchemes).toSorted());
  const wanted = new Set(operations.flatMap((operation) => permissionsOf(operation)));
  expect(permissions).toEqual(expect.arrayContaining([...wanted]));
});

/** What each caller was refused, as the records should say it. */
const refused = new Map<string, string[]>();

test.each(operations)('$operationId lets in exactly whom its security and the role table say', async (operation) => {
  const expected: Record<string, Access> = {};
  const found: Record<string, Access> = {};
  for (const caller of callers) {
    expected[caller.name] = accessTo(operation, caller);
    found[caller.name] = await accessOf(operation, caller);
    if (found[caller.name] === 'forbidden') refused.set(caller.name, [...(refused.get(caller.name) ?? []), operation.operationId]);
  }
  expect(found).toEqual(expected);
  // A matrix in which everybody may do everything, or nobody, would prove nothing.
  const kinds = new Set(Object.values(found));
  expect(kinds.size === 1).toBe(operation.security.length === 0);
});

test('every refused act is on record, once, under whom it was refused to', async () => {
  await ingestAll(api);
  const answer = await ask(api, 'GET /v1/admin-records?limit=5000', { key: acme.apiKey });
  const records = answer.body['items'] as { action: string; reason: string; status: string; actor: { address: string | null } }[];
  const forbidden = records.filter(({ reason, status }) => reason === 'forbidden' && status === 'Failure');
  const actions = new Map<string, string>(Object.entries(refusedActs).map(([name, { action }]) => [name, action]));
  const expectedOf = (names: readonly string[] = []) => names.flatMap((name) => actions.get(name) ?? []).toSorted();
  for (const role of roleNames) {
    const theirs = forbidden.filter(({ actor }) => actor.address === `${role}@acme.example`).map(({ action }) => action);
    const refusedToThem = [...refused].flatMap(([name, names]) => (name.startsWith(`member: ${role}`) ? names : []));
    expect(theirs.toSorted(), role).toEqual(expectedOf(refusedToThem));
  }
  expect(forbidden).toHaveLength([...refused.values()].flatMap((names) => expectedOf(names)).length);
  expect(forbidden.length).toBeGreaterThan(50);
});

test('being refused leaves a record wherever something would have changed, and wherever the trail would have been read', () => {
  const settings: readonly Permission[] = ['configuration:read', 'members:write'];
  const silent = operations.filter((operation) => permissionsOf(operation).length > 0 && !(operation.operationId in refusedActs));
  const notSettings = silent.filter(
    (operation) => operation.method !== 'GET' || permissionsOf(operation).some((one) => !settings.includes(one)),
  );
  expect(notSettings.map(({ operationId }) => operationId)).toEqual([]);
});

test('docs/roles.md says what holds', async () => {
  const page = rolesDocument(operations, new Set(Object.keys(refusedActs)));
  await expect(page).toMatchFileSnapshot('../../../../docs/roles.md');
});
