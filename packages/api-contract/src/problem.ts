import { problemCodes, problems } from '@signet/domain/error-code';
import type { ProblemCode } from '@signet/domain/error-code';
import { z } from 'zod';
import type { Route } from './route.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The `type` of a problem: a URI that names it and need not lead anywhere (RFC 9457, 3.1.1). */
export function problemTypeOf(code: ProblemCode): string {
  return `urn:signet:problem:${code}`;
}

/**
 * One wrong field: a JSON pointer (RFC 6901) into the body, or to a parameter of path, query or headers (`/limit`), and
 * what is wrong there.
 */
export const fieldError = z.strictObject({ pointer: z.string().max(1000), detail: z.string().max(1000) });
export type FieldError = z.infer<typeof fieldError>;

/** One of the messages that a Message-ID names. */
export const candidate = z.strictObject({
  id: z.uuid(),
  sender: z.string(),
  subject: z.string().nullable(),
  acceptedAt: z.string(),
});

/** What every answer of 400 and above says (RFC 9457), with Signet's stable `code`. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(problemCodes),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(fieldError).optional().meta({
      description:
        'Every wrong field, the first thousand of them, with `validation_failed`; every event at fault, with `event_id_conflict`; every recipient at fault, with `not_resendable`; the name, with `name_taken` of an API key.',
    }),
    candidates: z.array(candidate).optional().meta({ description: 'The messages meant, with `message_id_ambiguous`.' }),
    triesLeft: z.int().nonnegative().optional().meta({ description: 'With `passcode_wrong`.' }),
    retryAfterSeconds: z.int().nonnegative().optional().meta({ description: 'As in the header Retry-After.' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;

/** Everything that can go wrong on a route: its own problems and those of its kind, in the order of their status. */
export function problemCodesOf(route: Route): ProblemCode[] {
  const codes = new Set<ProblemCode>(route.problems);
  if (route.params ?? route.query ?? route.headers ?? route.body ?? route.rawBody) codes.add('validation_failed');
  if (route.body ?? route.rawBody) codes.add('unsupported_media_type').add('body_too_large');
  if (route.security !== 'none') codes.add('unauthenticated').add('too_many_requests').add('unavailable');
  if (typeof route.security === 'object') codes.add('forbidden');
  const forMembers = typeof route.security === 'object' || route.security === 'member';
  if (forMembers && !route.duringEnrolment) codes.add('second_factor_required');
  if (route.recentAuthentication) codes.add('reauthentication_required');
  codes.add('internal_error');
  return [...codes].toSorted((a, b) => problems[a].status - problems[b].status || a.localeCompare(b));
}
