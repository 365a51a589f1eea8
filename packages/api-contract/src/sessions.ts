import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { authenticationFactor, reauthenticationMethods, secondFactors } from '@signet/domain/member-authentication';
import { role } from '@signet/domain/role';
import { z } from 'zod';
import { passkeyAssertion, passkeyRequestOptions } from './passkeys.ts';
import { visitorHeaders } from './portal-headers.ts';
import { defineRoute } from './route.ts';

const tags = ['Member sessions'] as const;

export const member = z
  .strictObject({
    id: z.uuid(),
    email: z.string().max(320),
    role,
    organizationId: z.uuid(),
    organizationName: z.string().max(200),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof member>;

const token = z.string().min(1).max(200);
const secondFactorRequired = z.boolean().meta({
  description: 'Whether the member must set up a second factor first: until then everything else answers `second_factor_required`.',
});

/** How long a session lasts, in seconds: clocks of browsers are often wrong. */
const timeLeft = {
  idleSecondsLeft: z.int().nonnegative().meta({ description: 'Until it ends unless it is used.' }),
  secondsLeft: z.int().nonnegative().meta({ description: 'Until it ends in any case.' }),
};

/** The session's token, anew: the one before it means nothing any more. */
export const renewedSession = z.strictObject({ token, expiresAt: instant }).meta({ id: 'RenewedSession' });

/** A session that a member has just opened. */
export const openedSession = z.strictObject({ token, expiresAt: instant, member, secondFactorRequired }).meta({ id: 'OpenedSession' });
export type OpenedSession = z.infer<typeof openedSession>;

/** The password was right, and is not all that is asked for. */
const secondFactorNeeded = z
  .strictObject({
    challenge: token.meta({ description: 'Names this sign-in in its second step. Opens nothing by itself.' }),
    expiresAt: instant,
    methods: z.array(z.enum(secondFactors)).min(1),
  })
  .meta({ id: 'SecondFactorNeeded' });

const givenEmail = recordText(320).trim().min(1);
/** A password as it was typed: compared byte for byte, never cut. */
export const givenPassword = z.string().min(1).max(1000);
/** Six digits of an authenticator app; people copy blanks with them. */
export const givenCode = z
  .string()
  .max(20)
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, { error: 'must be the 6 digits that the authenticator app shows' }));
const givenRecoveryCode = z.string().min(1).max(100);

/** A member's session as the member and admins see it. */
export const memberSession = z
  .strictObject({
    id: z.uuid(),
    createdAt: instant,
    lastSeenAt: instant.meta({ description: 'To the minute.' }),
    expiresAt: instant,
    clientIp: z.string().max(64).nullable(),
    userAgent: z.string().max(1024).nullable(),
    factors: z.array(authenticationFactor).meta({ description: 'How it was opened.' }),
    current: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
  })
  .meta({ id: 'MemberSession' });
export type MemberSession = z.infer<typeof memberSession>;

const secondFactorProof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('totp'), code: givenCode }),
  z.strictObject({ method: z.literal('recovery_code'), code: givenRecoveryCode }),
  z.strictObject({ method: z.literal('passkey'), response: passkeyAssertion }),
]);

const reauthenticationProof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('password'), password: givenPassword }),
  z.strictObject({ method: z.literal('password_and_code'), password: givenPassword, code: givenCode }),
  z.strictObject({ method: z.literal('passkey'), response: passkeyAssertion }),
]);

export const sessionRoutes = {
  signIn: defineRoute({
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Sign a member in',
    description:
      'Answers 201 with the session, or 202 where the password is right and a second factor is needed: then `POST /v1/sessions/second-factor` follows. Tries are counted before they are checked.',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ email: givenEmail, password: givenPassword }),
    responses: { 201: openedSession, 202: secondFactorNeeded },
    problems: ['wrong_credentials', 'too_many_requests'],
  }),
  proveSecondFactor: defineRoute({
    method: 'POST',
    path: '/v1/sessions/second-factor',
    summary: 'Prove the second factor of a sign-in',
    description: 'A code and a recovery code are accepted once.',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ challenge: token, proof: secondFactorProof }),
    responses: { 201: openedSession },
    problems: ['authentication_failed', 'step_void', 'too_many_requests'],
  }),
  beginPasskeySignIn: defineRoute({
    method: 'POST',
    path: '/v1/sessions/passkey-options',
    summary: 'Ask for a challenge that a passkey signs',
    description:
      'Without `challenge`: for signing in with a passkey alone, which any passkey on the device may do. With it: for the second step of that sign-in.',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ challenge: token.optional() }),
    responses: { 200: passkeyRequestOptions },
    problems: ['step_void', 'too_many_requests'],
  }),
  signInWithPasskey: defineRoute({
    method: 'POST',
    path: '/v1/sessions/passkey',
    summary: 'Sign a member in with a passkey alone',
    description: 'A passkey that verified its user is two factors: nothing else is asked for.',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ response: passkeyAssertion }),
    responses: { 201: openedSession },
    problems: ['authentication_failed', 'too_many_requests'],
  }),
  getCurrentSession: defineRoute({
    method: 'GET',
    path: '/v1/sessions/current',
    summary: 'Read who is signed in',
    tags,
    security: 'member',
    duringEnrolment: true,
    responses: {
      200: z.strictObject({
        id: z.uuid(),
        expiresAt: instant,
        ...timeLeft,
        recentUntil: instant.meta({ description: 'Until when acts that ask for a recent authentication ask for nothing.' }),
        secondFactorRequired,
        reauthenticationMethods: z.array(z.enum(reauthenticationMethods)).min(1),
        member,
      }),
    },
    problems: [],
  }),
  getTimeLeft: defineRoute({
    method: 'GET',
    path: '/v1/sessions/current/time-left',
    summary: 'Read when the session ends',
    description: 'Asking does not count as a use of the session: without one it ends all the same.',
    tags,
    security: 'member',
    duringEnrolment: true,
    passive: true,
    responses: { 200: z.strictObject(timeLeft).meta({ id: 'TimeLeft' }) },
    problems: [],
  }),
  signOut: defineRoute({
    method: 'DELETE',
    path: '/v1/sessions/current',
    summary: 'Sign the member out',
    tags,
    security: 'member',
    duringEnrolment: true,
    headers: visitorHeaders,
    responses: { 204: 'empty' },
    problems: [],
  }),
  beginPasskeyReauthentication: defineRoute({
    method: 'POST',
    path: '/v1/sessions/current/passkey-options',
    summary: 'Ask for a challenge by which a passkey proves once more who is signed in',
    tags,
    security: 'member',
    duringEnrolment: true,
    headers: visitorHeaders,
    responses: { 200: passkeyRequestOptions },
    problems: ['second_factor_missing'],
  }),
  reauthenticate: defineRoute({
    method: 'POST',
    path: '/v1/sessions/current/reauthentication',
    summary: 'Prove once more who is signed in',
    description:
      'By one of the session’s `reauthenticationMethods`. The session gets another token; for a quarter of an hour acts that ask for a recent authentication pass.',
    tags,
    security: 'member',
    duringEnrolment: true,
    headers: visitorHeaders,
    body: z.strictObject({ proof: reauthenticationProof }),
    responses: { 200: renewedSession },
    problems: ['reauthentication_failed', 'too_many_requests'],
  }),
  listSessions: defineRoute({
    method: 'GET',
    path: '/v1/sessions',
    summary: 'List the member’s own sessions, the one seen last first',
    tags,
    security: 'member',
    responses: { 200: z.strictObject({ items: z.array(memberSession) }) },
    problems: [],
  }),
  endOtherSessions: defineRoute({
    method: 'DELETE',
    path: '/v1/sessions',
    summary: 'End all of the member’s sessions but this one',
    tags,
    security: 'member',
    recentAuthentication: true,
    headers: visitorHeaders,
    responses: { 200: z.strictObject({ ended: z.int().nonnegative() }) },
    problems: [],
  }),
  endSession: defineRoute({
    method: 'DELETE',
    path: '/v1/sessions/{id}',
    summary: 'End one of the member’s own sessions',
    tags,
    security: 'member',
    recentAuthentication: true,
    headers: visitorHeaders,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
