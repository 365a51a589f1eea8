import { Injectable } from '@nestjs/common';
import type { BodyOf } from '@signet/api-contract/route';
import type { memberRoutes } from '@signet/api-contract/members';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { holdMember } from '@signet/db/member';
import { addMemberMail } from '@signet/db/member-mail';
import { removePasskeys } from '@signet/db/member-passkey';
import { removeRecoveryCodes } from '@signet/db/member-recovery-code';
import { endMemberSessions } from '@signet/db/member-session';
import { removeTotp } from '@signet/db/member-totp';
import {
  addInvitedMember,
  changeMember,
  findOrganizationMember,
  listDomains,
  removeMember,
  type OrganizationMember,
} from '@signet/db/organization-member';
import { endSignInSteps } from '@signet/db/sign-in-step';
import type { AdminAction } from '@signet/domain/audit/admin-record';
import { isMailAddress } from '@signet/domain/mail-address';
import type { Administrator } from '../authentication/caller.ts';
import { actBy, asked } from '../authentication/record-act.ts';
import { limitTries } from '../authentication/try-limit.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { MemberLinkService } from './member-link.service.ts';
import { onMember, requireGrant } from './on-member.ts';

/** What admins do with members. Each change and its record commit together. */
@Injectable()
export class MemberService {
  constructor(
    private readonly database: Database,
    private readonly links: MemberLinkService,
  ) {}

  async invite(caller: Administrator, { email, role }: BodyOf<typeof memberRoutes.inviteMember>): Promise<OrganizationMember> {
    const scope = this.#scopeOf(caller);
    await requireGrant(scope, caller, role, { action: 'MemberInvite', after: { email, role } });
    const domains = await listDomains(scope, caller.organizationId);
    if (!isMailAddress(email)) throw invalid([{ pointer: '/email', detail: 'is not one mail address' }]);
    if (!domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase())) {
      throw invalid([{ pointer: '/email', detail: `must be of one of the organization’s domains: ${domains.join(', ')}` }]);
    }
    const putLink = await this.links.prepare(caller.organizationId, 'invitation');
    return scope.transaction(async (tx) => {
      const id = await addInvitedMember(tx, { email, role });
      if (id === null) throw new ProblemError('member_exists');
      await putLink(tx, id, caller.visitor);
      await record(tx, caller, 'MemberInvite', id, { after: { email: email.toLowerCase(), role } });
      return this.#found(tx, id);
    });
  }

  /** Sends an invitation again: the link before is void. */
  async inviteAgain(caller: Administrator, id: string): Promise<OrganizationMember> {
    const member = await this.#examine(caller, id, 'MemberInvite');
    if (member.state === 'disabled') throw new ProblemError('member_disabled');
    if (member.state === 'active') throw new ProblemError('member_active');
    await limitTries(this.database.system, 'member-mail:member', id);
    const putLink = await this.links.prepare(caller.organizationId, 'invitation');
    return this.#scopeOf(caller).transaction(async (tx) => {
      const invited = await holdMember(tx, id);
      if (!invited) throw new ProblemError('member_disabled');
      if (invited.passwordHash !== null) throw new ProblemError('member_active');
      await putLink(tx, id, caller.visitor);
      await record(tx, caller, 'MemberInvite', id, { after: { email: member.email, role: member.role } });
      return this.#found(tx, id);
    });
  }

  async change(caller: Administrator, id: string, change: BodyOf<typeof memberRoutes.changeMember>): Promise<OrganizationMember> {
    const act = { action: 'MemberChange', id, gives: change.role, after: asked(change) } as const;
    return onMember(this.#scopeOf(caller), caller, act, async (tx) => {
      const result = await changeMember(tx, id, change);
      if (result.outcome === 'not-found') throw notFound();
      if (result.outcome === 'last-admin') throw new ProblemError('last_admin');
      if (result.outcome === 'changed') {
        await record(tx, caller, 'MemberChange', id, { before: shown(result.before), after: shown(result.after) });
      }
      return result.after;
    });
  }

  async remove(caller: Administrator, id: string): Promise<void> {
    await onMember(this.#scopeOf(caller), caller, { action: 'MemberRemove', id }, async (tx) => {
      const result = await removeMember(tx, id);
      if (result.outcome === 'not-found') throw notFound();
      if (result.outcome === 'last-admin') throw new ProblemError('last_admin');
      await record(tx, caller, 'MemberRemove', id, { before: shown(result.before) });
    });
  }

  async sendPasswordReset(caller: Administrator, id: string): Promise<void> {
    const member = await this.#examine(caller, id, 'MemberPasswordResetSend');
    if (member.state === 'disabled') throw new ProblemError('member_disabled');
    if (member.state === 'invited') throw new ProblemError('member_invited');
    await limitTries(this.database.system, 'member-mail:member', id);
    const putLink = await this.links.prepare(caller.organizationId, 'password-reset');
    await this.#scopeOf(caller).transaction(async (tx) => {
      await putLink(tx, id, caller.visitor);
      await record(tx, caller, 'MemberPasswordResetSend', id, {});
    });
  }

  /** Removes all that a member has besides the password, and whatever session it opened. */
  async resetSecondFactors(caller: Administrator, id: string): Promise<void> {
    await onMember(this.#scopeOf(caller), caller, { action: 'MemberSecondFactorReset', id }, async (tx) => {
      const totp = await removeTotp(tx, id);
      const passkeys = await removePasskeys(tx, id);
      if (!totp && passkeys === 0) throw new ProblemError('second_factor_missing');
      await removeRecoveryCodes(tx, id);
      await endSignInSteps(tx, id);
      await endMemberSessions(tx, id);
      await record(tx, caller, 'MemberSecondFactorReset', id, { before: { totp, passkeys }, after: { totp: false, passkeys: 0 } });
      await addMemberMail(tx, { memberId: id, mail: 'second-factors-reset', ...caller.visitor });
    });
  }

  #scopeOf(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }

  /** The member as they are, for an act that is not done yet. */
  #examine(caller: Administrator, id: string, action: AdminAction): Promise<OrganizationMember> {
    return onMember(this.#scopeOf(caller), caller, { action, id }, (_tx, member) => Promise.resolve(member));
  }

  async #found(tx: OrganizationTransaction, id: string): Promise<OrganizationMember> {
    const member = await findOrganizationMember(tx, tx.organizationId, id);
    if (!member) throw new Error('The member is gone within its transaction');
    return member;
  }
}

/** What records say of a member. */
function shown({ email, role, state }: OrganizationMember) {
  return { email, role, state };
}

function record(
  tx: OrganizationTransaction,
  caller: Administrator,
  action: AdminAction,
  id: string,
  change: Pick<AdminAct, 'before' | 'after'>,
): Promise<void> {
  return appendAdminRecord(tx, { ...actBy(caller), action, target: { kind: 'member', id }, ...change });
}
