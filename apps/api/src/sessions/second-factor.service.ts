import { Injectable } from '@nestjs/common';
import type { PasskeyRequestOptions } from '@signet/api-contract/passkeys';
import type { BodyOf } from '@signet/api-contract/route';
import type { OpenedSession, sessionRoutes } from '@signet/api-contract/sessions';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { findMember, holdMember } from '@signet/db/member';
import { addMemberMail } from '@signet/db/member-mail';
import { bookPasskeyUse } from '@signet/db/member-passkey';
import { useRecoveryCode } from '@signet/db/member-recovery-code';
import { useTotpStep } from '@signet/db/member-totp';
import { forgetTries } from '@signet/db/rate-limit';
import { findSignInStep, useSignInStep, type SignInStep } from '@signet/db/sign-in-step';
import type { AuthenticationFactor } from '@signet/domain/member-authentication';
import { AuthenticatorAppService } from '../account/authenticator-app.service.ts';
import { PasskeyService, type RightPasskey } from '../account/passkey.service.ts';
import type { Visitor } from '../authentication/caller.ts';
import { hashOfRecoveryCode } from '../authentication/recovery-codes.ts';
import { hashOfSecret } from '../authentication/secret.ts';
import { limitTries, networkOfVisitor, tryBucket } from '../authentication/try-limit.ts';
import { ProblemError } from '../http/problem-error.ts';
import { openSession, recordFailedSignIn, recordSignIn } from './open-session.ts';

type Proof = BodyOf<typeof sessionRoutes.proveSecondFactor>['proof'];

/** What a right proof uses up, in the transaction that opens the session; false where somebody else has used it meanwhile. */
type UseUp = (tx: OrganizationTransaction) => Promise<boolean>;

/** The second step of a sign-in, and signing in with a passkey alone. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly database: Database,
    private readonly authenticatorApps: AuthenticatorAppService,
    private readonly passkeys: PasskeyService,
  ) {}

  /** Completes a sign-in whose password was right. Codes are counted before they are checked; a passkey cannot be guessed. */
  async prove(visitor: Visitor, { challenge, proof }: BodyOf<typeof sessionRoutes.proveSecondFactor>): Promise<OpenedSession> {
    const { system } = this.database;
    await limitTries(system, 'sign-in:network', networkOfVisitor(visitor));
    const step = await this.#findStep(challenge);
    if (proof.method !== 'passkey') await limitTries(system, 'second-factor:member', step.member.id);
    if (proof.method === 'totp') await limitTries(system, 'app-code:member', step.member.id);
    const useUp = await this.#check(step, proof, visitor);
    const factors = ['password', proof.method] as const;
    const session = useUp && (await this.#complete(step, factors, visitor, useUp));
    if (!session) {
      await recordFailedSignIn(this.database, step.member, visitor, `wrong_${proof.method}`);
      throw new ProblemError('authentication_failed');
    }
    await forgetTries(system, tryBucket('second-factor:member', step.member.id));
    return session;
  }

  /** A challenge for signing in with a passkey alone, or for the second step of a sign-in. */
  async passkeyOptions(visitor: Visitor, challenge: string | undefined): Promise<PasskeyRequestOptions> {
    await limitTries(this.database.system, 'sign-in:network', networkOfVisitor(visitor));
    if (challenge === undefined) return this.passkeys.requestOptions({ purpose: 'sign-in', subject: null }, null);
    const step = await this.#findStep(challenge);
    return this.passkeys.requestOptions({ purpose: 'second-factor', subject: step.id }, step.member);
  }

  /** Signs in with a passkey alone: it is in its owner's hands, and has verified them. */
  async signInWithPasskey(visitor: Visitor, { response }: BodyOf<typeof sessionRoutes.signInWithPasskey>): Promise<OpenedSession> {
    await limitTries(this.database.system, 'sign-in:network', networkOfVisitor(visitor));
    const right = await this.passkeys.checkAssertion(response, { purpose: 'sign-in', subject: null });
    const member = right && (await this.#ownerOf(right));
    if (!right || !member) throw new ProblemError('authentication_failed');
    const factors = ['passkey'] as const;
    const session = await this.database.forOrganization(member.organizationId).transaction(async (tx) => {
      if (!(await holdMember(tx, member.id))) return null;
      if (!(await bookUse(right)(tx))) return null;
      const opened = await openSession(tx, member, visitor, factors);
      await recordSignIn(tx, member, visitor, factors);
      return opened;
    });
    if (session) return session;
    await recordFailedSignIn(this.database, member, visitor, 'wrong_passkey');
    throw new ProblemError('authentication_failed');
  }

  #ownerOf({ passkey: { organizationId, memberId } }: RightPasskey) {
    return findMember(this.database.forOrganization(organizationId), organizationId, memberId);
  }

  async #findStep(challenge: string): Promise<SignInStep> {
    const step = await findSignInStep(this.database.system, hashOfSecret(challenge));
    if (!step) throw new ProblemError('step_void');
    return step;
  }

  /** What a proof uses up where it is right; null where it is not. */
  async #check({ id, member }: SignInStep, proof: Proof, visitor: Visitor): Promise<UseUp | null> {
    switch (proof.method) {
      case 'totp': {
        const code = await this.authenticatorApps.check({ ...member, memberId: member.id }, 'confirmed', proof.code);
        return code === 'none' || code === null ? null : (tx) => useTotpStep(tx, code.totpId, code.step);
      }
      case 'recovery_code':
        return async (tx) => {
          const used = await useRecoveryCode(tx, member.id, hashOfRecoveryCode(proof.code));
          if (used) await addMemberMail(tx, { memberId: member.id, mail: 'recovery-code-used', ...visitor });
          return used;
        };
      case 'passkey': {
        const right = await this.passkeys.checkAssertion(proof.response, { purpose: 'second-factor', subject: id });
        return right?.passkey.memberId === member.id ? bookUse(right) : null;
      }
      default:
        return proof satisfies never;
    }
  }

  /** @returns null where the proof was used up meanwhile. @throws {ProblemError} `step_void` where the step was. */
  #complete({ id, member }: SignInStep, factors: readonly AuthenticationFactor[], visitor: Visitor, useUp: UseUp) {
    return this.database.forOrganization(member.organizationId).transaction(async (tx) => {
      if (!(await holdMember(tx, member.id))) throw new ProblemError('step_void');
      if (!(await useUp(tx))) return null;
      // Whoever comes second with another proof begins again, and that proof stays good.
      if (!(await useSignInStep(tx, id))) throw new ProblemError('step_void');
      const session = await openSession(tx, member, visitor, factors);
      await recordSignIn(tx, member, visitor, factors);
      return session;
    });
  }
}

/** Books the use of a passkey that answered rightly. */
function bookUse({ passkey, counter, backedUp }: RightPasskey): UseUp {
  return (tx) => bookPasskeyUse(tx, passkey.id, { counter, backedUp });
}
