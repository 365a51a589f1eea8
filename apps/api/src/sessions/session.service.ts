import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AnswerOf, BodyOf } from '@signet/api-contract/route';
import type { sessionRoutes } from '@signet/api-contract/sessions';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { findMemberByEmail, holdMember, type StoredMember } from '@signet/db/member';
import { endMemberSession } from '@signet/db/member-session';
import { forgetTries } from '@signet/db/rate-limit';
import { putSignInStep } from '@signet/db/sign-in-step';
import { memberLifetimes, secondFactorsOf } from '@signet/domain/member-authentication';
import type { MemberCaller, Visitor } from '../authentication/caller.ts';
import { isPassword } from '../authentication/password.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { limitTries, networkOfVisitor, tryBucket } from '../authentication/try-limit.ts';
import { ProblemError } from '../http/problem-error.ts';
import { openSession, recordFailedSignIn, recordSignIn } from './open-session.ts';

/** A refusal is answered no sooner: what is done for a member and not for nobody (a record) must not show in the time it takes. */
const REFUSAL_MILLISECONDS = 250;

/** Signs members in by their password, or as far as the second step. Tries are counted before they are checked. */
@Injectable()
export class SessionService implements OnModuleInit {
  constructor(private readonly database: Database) {}

  /** The first sign-in must not tell by its time whether the member exists. */
  async onModuleInit(): Promise<void> {
    await isPassword('', null);
  }

  async signIn(visitor: Visitor, { email, password }: BodyOf<typeof sessionRoutes.signIn>): Promise<AnswerOf<typeof sessionRoutes.signIn>> {
    const { system } = this.database;
    const begun = performance.now();
    const member = hashOfSecret(email.toLowerCase()).toString('base64url');
    const network = networkOfVisitor(visitor);
    await limitTries(system, 'sign-in:network', network);
    await limitTries(system, 'sign-in:member-network', `${member}:${network}`);
    await limitTries(system, 'sign-in:member', member);

    const found = await findMemberByEmail(system, email);
    const right = await isPassword(password, found?.passwordHash ?? null);
    const answer = found && right ? await this.#goOn(found, visitor) : null;
    if (!answer) {
      if (found) await recordFailedSignIn(this.database, found, visitor, 'wrong_credentials');
      await setTimeout(Math.max(0, begun + REFUSAL_MILLISECONDS - performance.now()));
      throw new ProblemError('wrong_credentials');
    }
    await forgetTries(system, tryBucket('sign-in:member-network', `${member}:${network}`));
    return answer;
  }

  async signOut(caller: MemberCaller): Promise<void> {
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      await endMemberSession(tx, caller.id, caller.sessionId);
      await appendAdminRecord(tx, { ...actBy(caller), action: 'MemberSignOut', target: { kind: 'member', id: caller.id } });
    });
  }

  /** What the right password opens; null where the password or the second factors were changed while it was compared. */
  #goOn(verified: StoredMember, visitor: Visitor): Promise<AnswerOf<typeof sessionRoutes.signIn> | null> {
    return this.database.forOrganization(verified.organizationId).transaction(async (tx) => {
      const member = await holdMember(tx, verified.id);
      if (member?.passwordHash !== verified.passwordHash) return null;
      const methods = secondFactorsOf(member);
      if (methods.join() !== secondFactorsOf(verified).join()) return null;
      if (methods.length > 0) return awaitSecondFactor(tx, member, methods);
      const session = await openSession(tx, member, visitor, ['password']);
      await recordSignIn(tx, member, visitor, ['password']);
      return session;
    });
  }
}

async function awaitSecondFactor(tx: OrganizationTransaction, member: StoredMember, methods: ReturnType<typeof secondFactorsOf>) {
  const challenge = newToken();
  const step = { memberId: member.id, tokenHash: hashOfSecret(challenge), seconds: memberLifetimes.signInStep };
  const expiresAt = await putSignInStep(tx, step);
  return { challenge, expiresAt: expiresAt.toISOString(), methods };
}
