import { Injectable } from '@nestjs/common';
import type { PasskeyRequestOptions } from '@signet/api-contract/passkeys';
import type { AnswerOf, BodyOf } from '@signet/api-contract/route';
import type { sessionRoutes } from '@signet/api-contract/sessions';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { findMember } from '@signet/db/member';
import { bookPasskeyUse } from '@signet/db/member-passkey';
import { renewMemberSession } from '@signet/db/member-session';
import { useTotpStep } from '@signet/db/member-totp';
import { forgetTries } from '@signet/db/rate-limit';
import { reauthenticationMethodsOf, type AuthenticationFactor } from '@signet/domain/member-authentication';
import { AuthenticatorAppService } from '../account/authenticator-app.service.ts';
import { PasskeyService } from '../account/passkey.service.ts';
import type { MemberCaller } from '../authentication/caller.ts';
import { isPassword } from '../authentication/password.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { limitTries, tryBucket } from '../authentication/try-limit.ts';
import { ProblemError } from '../http/problem-error.ts';

type Proof = BodyOf<typeof sessionRoutes.reauthenticate>['proof'];

/** By what somebody proved who they are, and what that uses up in the transaction that renews the session. */
interface RightProof {
  readonly factors: readonly AuthenticationFactor[];
  readonly useUp: (tx: OrganizationTransaction) => Promise<boolean>;
}

/** Lets signed-in members prove once more who they are, as fully as when they signed in. */
@Injectable()
export class ReauthenticationService {
  constructor(
    private readonly database: Database,
    private readonly authenticatorApps: AuthenticatorAppService,
    private readonly passkeys: PasskeyService,
  ) {}

  passkeyOptions(caller: MemberCaller): Promise<PasskeyRequestOptions> {
    if (caller.passkeys === 0) throw new ProblemError('second_factor_missing', { detail: 'There is no passkey' });
    return this.passkeys.requestOptions({ purpose: 'reauthentication', subject: caller.sessionId }, caller);
  }

  /** @returns the session's new token: the one before it means nothing any more. */
  async reauthenticate(caller: MemberCaller, proof: Proof): Promise<AnswerOf<typeof sessionRoutes.reauthenticate>> {
    const { system } = this.database;
    await limitTries(system, 'reauthentication:member', caller.id);
    const scope = this.database.forOrganization(caller.organizationId);
    const act = { ...actBy(caller), action: 'MemberReauthenticate', target: { kind: 'member', id: caller.id } } as const;
    const right = await this.#check(caller, proof);
    const token = newToken();
    const expiresAt = await scope.transaction(async (tx) => {
      if (!right || !(await right.useUp(tx))) {
        await appendAdminRecord(tx, { ...act, status: 'Failure', reason: `wrong_${proof.method}` });
        return null;
      }
      const renewal = { tokenHash: hashOfSecret(token), factors: right.factors, isAuthentication: true };
      const end = await renewMemberSession(tx, caller.sessionId, renewal);
      if (!end) throw new ProblemError('unauthenticated');
      await appendAdminRecord(tx, { ...act, after: { factors: [...right.factors] } });
      return end;
    });
    if (!expiresAt) throw new ProblemError('reauthentication_failed');
    await forgetTries(system, tryBucket('reauthentication:member', caller.id));
    return { token, expiresAt: expiresAt.toISOString() };
  }

  async #check(caller: MemberCaller, proof: Proof): Promise<RightProof | null> {
    const methods = reauthenticationMethodsOf(caller);
    if (!methods.includes(proof.method)) {
      throw new ProblemError('reauthentication_failed', { detail: `This member confirms by ${methods.join(' or ')}` });
    }
    if (proof.method === 'passkey') {
      const right = await this.passkeys.checkAssertion(proof.response, { purpose: 'reauthentication', subject: caller.sessionId });
      if (right?.passkey.memberId !== caller.id) return null;
      const { passkey, ...use } = right;
      return { factors: ['passkey'], useUp: (tx) => bookPasskeyUse(tx, passkey.id, use) };
    }
    const member = await findMember(this.database.forOrganization(caller.organizationId), caller.organizationId, caller.id);
    if (!(await isPassword(proof.password, member?.passwordHash ?? null))) return null;
    if (proof.method === 'password') return { factors: ['password'], useUp: async () => true };
    const code = await this.authenticatorApps.check({ ...caller, memberId: caller.id }, 'confirmed', proof.code);
    if (code === 'none' || code === null) return null;
    return { factors: ['password', 'totp'], useUp: (tx) => useTotpStep(tx, code.totpId, code.step) };
  }
}
