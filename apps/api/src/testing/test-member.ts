import { openMemberSession } from '@signet/db/member-session';
import { setMember } from '@signet/db/organization';
import type { Role } from '@signet/domain/role';
import { generate } from 'otplib';
import { hashPassword } from '../authentication/password.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import type { TestApi } from './test-api.ts';
import { ask, type Answer } from './test-organization.ts';

/** A member of a test's organization, signed in. */
export interface TestMember {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** The session's token; replaced by whatever renews it. */
  token: string;
}

/** What every member has chosen here: nothing that anybody guesses. */
const PASSWORD = 'Tangerine-Umbrella-42-Gravel';

/** Adds a member with a password, and opens a session for them. */
export async function addMember(api: TestApi, organizationId: string, email: string, role: Role = 'admin'): Promise<TestMember> {
  const scope = api.database.forOrganization(organizationId);
  const passwordHash = await hashPassword(PASSWORD);
  const id = await scope.administer((tx) => setMember(tx, { email, role, passwordHash }));
  return { id, email, password: PASSWORD, token: await openSessionOf(api, organizationId, id) };
}

/** Opens another session for a member, as a sign-in by password would. */
export async function openSessionOf(api: TestApi, organizationId: string, memberId: string): Promise<string> {
  const token = newToken();
  const session = {
    memberId,
    tokenHash: hashOfSecret(token),
    factors: ['password'],
    clientIp: '203.0.113.7',
    userAgent: 'Test/1.0',
  } as const;
  await api.database.forOrganization(organizationId).transaction((tx) => openMemberSession(tx, session));
  return token;
}

/** Asks as a signed-in member, through the portal. */
export function askAs(api: TestApi, { token }: { token: string }, request: `${string} /${string}`, body?: object): Promise<Answer> {
  return ask(api, request, { headers: api.portalHeaders(), key: token, body });
}

/** Signs in by password. */
export function signInAs(api: TestApi, { email, password }: { email: string; password: string }, visitorIp?: string): Promise<Answer> {
  return ask(api, 'POST /v1/sessions', { headers: api.portalHeaders(visitorIp), body: { email, password } });
}

/** An authenticator app and the recovery codes that came with it. */
export interface TestApp {
  readonly secret: string;
  readonly recoveryCodes: string[];
}

/** Sets an authenticator app up for a member, whose session gets another token. */
export async function setUpApp(api: TestApi, member: TestMember): Promise<TestApp> {
  const begun = await askAs(api, member, 'POST /v1/account/totp');
  const secret = String(begun.body['secret']);
  const confirmed = await askAs(api, member, 'POST /v1/account/totp/confirmation', { code: await codeOf(secret) });
  if (confirmed.status !== 200) throw new Error(confirmed.text);
  const { session, recoveryCodes } = confirmed.body as { session: { token: string }; recoveryCodes: string[] };
  member.token = session.token;
  // As if it had been set up a while ago: the code of now is yet to be used.
  await api.database.system.query('update member_totp set last_step = 0 where member_id = $1', [member.id]);
  return { secret, recoveryCodes };
}

/** The code that an app shows so many seconds from now. */
export function codeOf(secret: string, inSeconds = 0): Promise<string> {
  return generate({ secret, epoch: Math.floor(Date.now() / 1000) + inSeconds });
}

/** The link's token of a mail that waits in the outbox, the newest first: opened as the worker does. */
export async function mailedToken(api: TestApi, organizationId: string, memberId: string): Promise<string> {
  const scope = api.database.forOrganization(organizationId);
  const [row] = await scope.query<{ payload: { link: { id: string; sealedToken: string } } }>(
    `select payload from outbox where organization_id = $1 and kind = 'send-member-mail' and payload ->> 'memberId' = $2
       and payload -> 'link' is not null order by id desc limit 1`,
    [organizationId, memberId],
  );
  const [key] = await scope.query<{ keyId: string; providerKeyId: string; wrappedKey: Buffer }>(
    'select id as "keyId", provider_key_id as "providerKeyId", wrapped_key as "wrappedKey" from organization_key where organization_id = $1',
    [organizationId],
  );
  if (!row || !key) throw new Error('No mail with a link waits');
  const { id, sealedToken } = row.payload.link;
  const sealed = Buffer.from(sealedToken, 'base64');
  return Buffer.from(await api.vault.openSecret(key, { organizationId, purpose: 'member-link', id }, sealed)).toString('utf8');
}

/** Which mails wait for a member, the oldest first. */
export async function mailsTo(api: TestApi, memberId: string): Promise<string[]> {
  const rows = await api.database.system.query<{ mail: string }>(
    `select payload ->> 'mail' as mail from outbox where kind = 'send-member-mail' and payload ->> 'memberId' = $1 order by id`,
    [memberId],
  );
  return rows.map(({ mail }) => mail);
}
