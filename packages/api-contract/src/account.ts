import { instant } from '@signet/domain/audit/entry';
import { newPasswordLength } from '@signet/domain/member-authentication';
import { z } from 'zod';
import { givenName } from './fields.ts';
import { passkeyCreationOptions, passkeyRegistration } from './passkeys.ts';
import { visitorHeaders } from './portal-headers.ts';
import { defineRoute } from './route.ts';
import { givenCode, givenPassword, member, renewedSession } from './sessions.ts';

const tags = ['Member account'] as const;

/** A password that a member chooses: any characters, none of them changed or cut. What it must not be is said by the answer. */
export const newPassword = z
  .string()
  .min(1)
  .max(newPasswordLength.max)
  .refine((text) => text.isWellFormed(), { error: 'must be text' });

export const passkey = z
  .strictObject({
    id: z.uuid(),
    name: z.string().min(1).max(100),
    createdAt: instant,
    lastUsedAt: instant.nullable(),
    backedUp: z.boolean().meta({ description: 'Whether its maker keeps a copy, so that a lost device does not lose it.' }),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof passkey>;

/** Shown this once: each stands in for a lost second factor, once. */
const recoveryCodes = z.array(z.string().max(40)).meta({ description: 'Shown this once. Each is good once.' });

/** Codes come with the first second factor alone. */
const firstRecoveryCodes = recoveryCodes.nullable().meta({ description: 'With the first second factor: shown this once; else null.' });

export const accountRoutes = {
  getAccount: defineRoute({
    method: 'GET',
    path: '/v1/account',
    summary: 'Read how the member signs in',
    tags,
    security: 'member',
    duringEnrolment: true,
    responses: {
      200: z.strictObject({
        member,
        secondFactorRequired: z.boolean().meta({ description: 'Whether a second factor must be set up first.' }),
        organizationRequiresSecondFactor: z.boolean(),
        passwordChangedAt: instant.nullable(),
        totp: z.strictObject({ confirmedAt: instant }).nullable().meta({ description: 'The authenticator app; null where there is none.' }),
        passkeys: z.array(passkey),
        recoveryCodesLeft: z.int().nonnegative(),
      }),
    },
    problems: [],
  }),
  changePassword: defineRoute({
    method: 'POST',
    path: '/v1/account/password',
    summary: 'Change the member’s own password',
    description: 'Asks for the current one, which is proof enough. Ends the member’s other sessions; this one gets another token.',
    tags,
    security: 'member',
    duringEnrolment: true,
    headers: visitorHeaders,
    body: z.strictObject({ currentPassword: givenPassword, newPassword }),
    responses: { 200: renewedSession },
    problems: ['too_many_requests'],
  }),
  beginTotp: defineRoute({
    method: 'POST',
    path: '/v1/account/totp',
    summary: 'Make a secret for an authenticator app',
    description: 'It means nothing until a code of it has come back; an app that was set up before goes on until then.',
    tags,
    security: 'member',
    recentAuthentication: true,
    duringEnrolment: true,
    headers: visitorHeaders,
    responses: {
      201: z.strictObject({
        secret: z.string().max(200).meta({ description: 'In base32, for typing. Shown this once.' }),
        uri: z.string().max(2000).meta({ description: '`otpauth://…`, for a QR code. Shown this once.' }),
        expiresAt: instant,
      }),
    },
    problems: [],
  }),
  confirmTotp: defineRoute({
    method: 'POST',
    path: '/v1/account/totp/confirmation',
    summary: 'Confirm the authenticator app by one of its codes',
    description: 'From now on it is asked for at sign-in. Ends the member’s other sessions; this one gets another token.',
    tags,
    security: 'member',
    duringEnrolment: true,
    headers: visitorHeaders,
    body: z.strictObject({ code: givenCode }),
    responses: { 200: z.strictObject({ session: renewedSession, recoveryCodes: firstRecoveryCodes }) },
    problems: ['step_void', 'too_many_requests'],
  }),
  removeTotp: defineRoute({
    method: 'DELETE',
    path: '/v1/account/totp',
    summary: 'Remove the authenticator app',
    description: 'Ends the member’s other sessions.',
    tags,
    security: 'member',
    recentAuthentication: true,
    headers: visitorHeaders,
    responses: { 204: 'empty' },
    problems: ['second_factor_missing'],
  }),
  createRecoveryCodes: defineRoute({
    method: 'POST',
    path: '/v1/account/recovery-codes',
    summary: 'Make ten recovery codes in the place of those before',
    tags,
    security: 'member',
    recentAuthentication: true,
    headers: visitorHeaders,
    responses: { 201: z.strictObject({ recoveryCodes }) },
    problems: ['second_factor_missing'],
  }),
  beginPasskey: defineRoute({
    method: 'POST',
    path: '/v1/account/passkeys/options',
    summary: 'Ask for what a browser makes a passkey from',
    tags,
    security: 'member',
    recentAuthentication: true,
    duringEnrolment: true,
    headers: visitorHeaders,
    responses: { 200: passkeyCreationOptions },
    problems: [],
  }),
  addPasskey: defineRoute({
    method: 'POST',
    path: '/v1/account/passkeys',
    summary: 'Add a passkey',
    description: 'Ends the member’s other sessions; this one gets another token.',
    tags,
    security: 'member',
    duringEnrolment: true,
    headers: visitorHeaders,
    body: z.strictObject({ name: givenName, response: passkeyRegistration }),
    responses: { 201: z.strictObject({ passkey, session: renewedSession, recoveryCodes: firstRecoveryCodes }) },
    problems: ['step_void'],
  }),
  renamePasskey: defineRoute({
    method: 'PATCH',
    path: '/v1/account/passkeys/{id}',
    summary: 'Rename a passkey',
    description: 'Changes nothing about how the member signs in.',
    tags,
    security: 'member',
    headers: visitorHeaders,
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({ name: givenName }),
    responses: { 200: passkey },
    problems: ['not_found'],
  }),
  removePasskey: defineRoute({
    method: 'DELETE',
    path: '/v1/account/passkeys/{id}',
    summary: 'Remove a passkey',
    description: 'Ends the member’s other sessions.',
    tags,
    security: 'member',
    recentAuthentication: true,
    headers: visitorHeaders,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
