import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '@signet/db/database';
import { bookUse, findSubmitter } from '@signet/db/submission';
import { networkOf } from '@signet/domain/network';
import type { Logger } from 'pino';
import type { SMTPServerAuthentication } from 'smtp-server';
import { errorFacts } from './error-facts.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { GatewayMetrics, SignInOutcome } from './gateway-metrics.ts';
import { SmtpRefusal, smtpAnswers } from './smtp-answer.ts';
import type { Submitter } from './submitter.ts';

/** Who a session has signed in as. */
export interface SignedIn extends Submitter {
  readonly username: string;
  readonly trust: null;
}

interface SignInTools {
  readonly database: Database;
  readonly throttle: FailureThrottle;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
}

/** Compared with when there is no such user, so that both answers take the same steps. */
const NOBODY = randomBytes(32);
const USERNAME_LENGTH = 320;

/**
 * Checks a user name and its generated secret (RFC 4954). The log names the network and, if the user name exists, its
 * credential: an unknown user name may be somebody's password in the wrong box.
 * @throws {SmtpRefusal} 535, also for a user name that does not exist; 421 when the network failed too often; 454.
 */
export async function signIn(given: SMTPServerAuthentication, remoteAddress: string, tools: SignInTools): Promise<SignedIn> {
  const { database, throttle, metrics, log } = tools;
  const network = networkOf(remoteAddress);
  const refuse = (outcome: SignInOutcome, answer: (typeof smtpAnswers)[keyof typeof smtpAnswers]) => {
    metrics.signIns.inc({ outcome });
    return new SmtpRefusal(answer);
  };
  if (throttle.isBlocked(network)) throw refuse('throttled', smtpAnswers.tooManyFailures);
  const username = (given.username ?? '').slice(0, USERNAME_LENGTH);
  const submitter = await findSubmitter(database.system, username).catch((error: unknown) => {
    log.error({ error: errorFacts(error) }, 'sign-in not possible');
    throw refuse('unavailable', smtpAnswers.signInUnavailable);
  });
  const hash = createHash('sha256')
    .update(given.password ?? '')
    .digest();
  const matches = timingSafeEqual(hash, submitter?.secretHash ?? NOBODY);
  // To act as somebody else (RFC 4616, authzid) is not offered.
  const asItself = !given.authzid || !given.authcid || given.authzid === given.authcid;
  if (!submitter || !matches || !asItself) {
    throttle.add(network);
    log.warn(
      { network, credentialId: submitter?.credentialId ?? null, organizationId: submitter?.organizationId ?? null },
      'sign-in failed',
    );
    throw refuse('wrong', smtpAnswers.wrongCredentials);
  }
  // Not knowing when it was used keeps nobody out.
  await bookUse(database.system, submitter).catch((error: unknown) => log.warn({ error: errorFacts(error) }, 'use not booked'));
  metrics.signIns.inc({ outcome: 'accepted' });
  return { organizationId: submitter.organizationId, credentialId: submitter.credentialId, username, trust: null };
}
