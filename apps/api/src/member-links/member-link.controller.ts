import { setTimeout } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { memberLinkRoutes } from '@signet/api-contract/member-links';
import type { AnswerOf } from '@signet/api-contract/route';
import type { OpenedSession } from '@signet/api-contract/sessions';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { findMember, findMemberByEmail, holdMember, setPassword } from '@signet/db/member';
import { findMemberLink, useMemberLink, type MemberLink, type MemberLinkPurpose } from '@signet/db/member-link';
import { addMemberMail } from '@signet/db/member-mail';
import { endMemberSessions } from '@signet/db/member-session';
import { endSignInSteps } from '@signet/db/sign-in-step';
import { ByPortal } from '../authentication/caller.decorator.ts';
import type { PortalCaller, Visitor } from '../authentication/caller.ts';
import { hashNewPassword } from '../authentication/new-password.ts';
import { hashOfSecret } from '../authentication/secret.ts';
import { limitTries, networkOfVisitor } from '../authentication/try-limit.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { ProblemError } from '../http/problem-error.ts';
import { MemberLinkService } from '../members/member-link.service.ts';
import { openSession } from '../sessions/open-session.ts';

const { findInvitation, acceptInvitation, requestPasswordReset, findPasswordReset, completePasswordReset } = memberLinkRoutes;

/** Asking for a link is answered no sooner: that there is a member must not show in the time it takes. */
const REQUEST_MILLISECONDS = 250;

/** What the links of invitations and password resets lead to. A token is good once; looking at what it is for changes nothing. */
@Controller()
export class MemberLinkController {
  constructor(
    private readonly database: Database,
    private readonly links: MemberLinkService,
  ) {}

  @Endpoint(findInvitation)
  async findInvitation(
    @ByPortal() { visitor }: PortalCaller,
    @Input(findInvitation) { body }: InputOf<typeof findInvitation>,
  ): Promise<AnswerOf<typeof findInvitation>> {
    const { organizationName, email, role, expiresAt } = await this.#find('invitation', body.token, visitor);
    return { organizationName, email, role, expiresAt: expiresAt.toISOString() };
  }

  @Endpoint(acceptInvitation)
  async accept(
    @ByPortal() { visitor }: PortalCaller,
    @Input(acceptInvitation) { body }: InputOf<typeof acceptInvitation>,
  ): Promise<OpenedSession> {
    const link = await this.#find('invitation', body.token, visitor);
    const passwordHash = await hashNewPassword(body.password, 'password', link);
    return this.database.forOrganization(link.organizationId).transaction(async (tx) => {
      const invited = await holdMember(tx, link.memberId);
      if (invited?.passwordHash !== null) throw new ProblemError('link_void');
      await use(tx, link);
      await setPassword(tx, link.memberId, passwordHash);
      await appendAdminRecord(tx, actOf(link, visitor, 'MemberInvitationAccept'));
      const member = await findMember(tx, link.organizationId, link.memberId);
      if (!member) throw new ProblemError('link_void');
      return openSession(tx, member, visitor, ['invitation', 'password']);
    });
  }

  @Endpoint(requestPasswordReset)
  async request(
    @ByPortal() { visitor }: PortalCaller,
    @Input(requestPasswordReset) { body }: InputOf<typeof requestPasswordReset>,
  ): Promise<void> {
    const begun = performance.now();
    const { system } = this.database;
    await limitTries(system, 'member-link:network', networkOfVisitor(visitor));
    // By the address that was typed, so that the answer is the same whoever it belongs to.
    await limitTries(system, 'member-mail:member', hashOfSecret(body.email.toLowerCase()).toString('base64url'));
    const member = await findMemberByEmail(system, body.email);
    if (member?.passwordHash) {
      const putLink = await this.links.prepare(member.organizationId, 'password-reset');
      await this.database.forOrganization(member.organizationId).transaction(async (tx) => {
        await putLink(tx, member.id, visitor);
        const nobody = { kind: 'unknown', id: null, address: null } as const;
        await appendAdminRecord(tx, {
          ...visitor,
          action: 'MemberPasswordResetSend',
          actor: nobody,
          target: { kind: 'member', id: member.id },
        });
      });
    }
    await setTimeout(Math.max(0, begun + REQUEST_MILLISECONDS - performance.now()));
  }

  @Endpoint(findPasswordReset)
  async findReset(
    @ByPortal() { visitor }: PortalCaller,
    @Input(findPasswordReset) { body }: InputOf<typeof findPasswordReset>,
  ): Promise<AnswerOf<typeof findPasswordReset>> {
    const { organizationName, email, expiresAt } = await this.#find('password-reset', body.token, visitor);
    return { organizationName, email, expiresAt: expiresAt.toISOString() };
  }

  /** Changes the password and nothing else: a second factor is asked for at the next sign-in as before. */
  @Endpoint(completePasswordReset)
  async complete(
    @ByPortal() { visitor }: PortalCaller,
    @Input(completePasswordReset) { body }: InputOf<typeof completePasswordReset>,
  ): Promise<void> {
    const link = await this.#find('password-reset', body.token, visitor);
    const passwordHash = await hashNewPassword(body.password, 'password', link);
    await this.database.forOrganization(link.organizationId).transaction(async (tx) => {
      if (!(await holdMember(tx, link.memberId))) throw new ProblemError('link_void');
      await use(tx, link);
      await setPassword(tx, link.memberId, passwordHash);
      await endSignInSteps(tx, link.memberId);
      await endMemberSessions(tx, link.memberId);
      await appendAdminRecord(tx, actOf(link, visitor, 'MemberPasswordReset'));
      await addMemberMail(tx, { memberId: link.memberId, mail: 'password-changed', ...visitor });
    });
  }

  async #find(purpose: MemberLinkPurpose, token: string, visitor: Visitor): Promise<MemberLink> {
    await limitTries(this.database.system, 'member-link:network', networkOfVisitor(visitor));
    const link = await findMemberLink(this.database.system, purpose, hashOfSecret(token));
    if (!link) throw new ProblemError('link_void');
    return link;
  }
}

async function use(tx: OrganizationTransaction, link: MemberLink): Promise<void> {
  if (!(await useMemberLink(tx, link.id))) throw new ProblemError('link_void');
}

/** Whoever holds the link that was mailed acts as the member. */
function actOf(link: MemberLink, visitor: Visitor, action: AdminAct['action']): AdminAct {
  const actor = { kind: 'member', id: link.memberId, address: link.email } as const;
  return { ...visitor, action, actor, target: { kind: 'member', id: link.memberId } };
}
