import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AnswerOf, BodyOf } from '@signet/api-contract/route';
import type { Member, sessionRoutes } from '@signet/api-contract/sessions';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { Database } from '@signet/db/database';
import { findMemberByEmail, type StoredMember } from '@signet/db/member';
import { endMemberSession, openMemberSession } from '@signet/db/member-session';
import { countTry, forgetTries } from '@signet/db/rate-limit';
import { lacksSecondFactor } from '@signet/domain/member-authentication';
import { networkOf } from '@signet/domain/network';
import type { MemberCaller, Visitor } from '../authentication/caller.ts';
import { isPassword } from '../authentication/password.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { ProblemError } from '../http/problem-error.ts';

/**
 * Tries are counted before they are checked, over 15 minutes: from one network for all members and for one, so that whoever
 * guesses locks out their own network and not the member; and for one member from everywhere, against many who guess together.
 */
const WINDOW_SECONDS = 900;
const TRIES_PER_NETWORK = 100;
const TRIES_PER_MEMBER_AND_NETWORK = 10;
const TRIES_PER_MEMBER = 100;
/** A refusal is answered no sooner: what is done for a member and not for nobody (a record) must not show in the time it takes. */
const REFUSAL_MILLISECONDS = 250;

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
    const network = visitor.clientIp === null ? 'unknown' : networkOf(visitor.clientIp);
    const own = `sign-in:member:${member}:${network}`;
    limit(await countTry(system, `sign-in:network:${network}`, TRIES_PER_NETWORK, WINDOW_SECONDS));
    limit(await countTry(system, own, TRIES_PER_MEMBER_AND_NETWORK, WINDOW_SECONDS));
    limit(await countTry(system, `sign-in:member:${member}`, TRIES_PER_MEMBER, WINDOW_SECONDS));

    const found = await findMemberByEmail(system, email);
    const right = await isPassword(password, found?.passwordHash ?? null);
    if (!found || !right) {
      if (found) await this.#recordSignIn(found, visitor, { status: 'Failure', reason: 'wrong_credentials' });
      await setTimeout(Math.max(0, begun + REFUSAL_MILLISECONDS - performance.now()));
      throw new ProblemError('wrong_credentials');
    }
    await forgetTries(system, own);
    const token = newToken();
    const expiresAt = await this.database.forOrganization(found.organizationId).transaction(async (tx) => {
      const end = await openMemberSession(tx, { memberId: found.id, tokenHash: hashOfSecret(token), factors: ['password'], ...visitor });
      await appendAdminRecord(tx, signInAct(found, visitor, { status: 'Success', reason: null }));
      return end;
    });
    return { token, expiresAt: expiresAt.toISOString(), member: memberView(found), secondFactorRequired: lacksSecondFactor(found) };
  }

  async signOut(caller: MemberCaller): Promise<void> {
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      await endMemberSession(tx, caller.id, caller.sessionId);
      await appendAdminRecord(tx, { ...actBy(caller), action: 'MemberSignOut', target: { kind: 'member', id: caller.id } });
    });
  }

  async #recordSignIn(member: StoredMember, visitor: Visitor, result: Pick<AdminAct, 'status' | 'reason'>): Promise<void> {
    const scope = this.database.forOrganization(member.organizationId);
    await scope.transaction((tx) => appendAdminRecord(tx, signInAct(member, visitor, result)));
  }
}

/** Who signs in is known once they have; somebody who failed to is nobody in particular. */
function signInAct(member: StoredMember, visitor: Visitor, result: Pick<AdminAct, 'status' | 'reason'>): AdminAct {
  return {
    action: 'MemberSignIn',
    actor:
      result.status === 'Success' ? { kind: 'member', id: member.id, address: member.email } : { kind: 'unknown', id: null, address: null },
    target: { kind: 'member', id: member.id },
    ...result,
    ...visitor,
  };
}

function limit(decision: Awaited<ReturnType<typeof countTry>>): void {
  if (!decision.allowed) throw new ProblemError('too_many_requests', { retryAfterSeconds: decision.retryAfterSeconds });
}

/** A member as the portal shows them. */
export function memberView({ id, email, role, organizationId, organizationName }: Member): Member {
  return { id, email, role, organizationId, organizationName };
}
