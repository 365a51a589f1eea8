import { Controller } from '@nestjs/common';
import { memberRoutes } from '@signet/api-contract/members';
import type { AnswerOf } from '@signet/api-contract/route';
import { sessionRoutes, type MemberSession } from '@signet/api-contract/sessions';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { endMemberSession, endMemberSessions, listMemberSessions, type ListedMemberSession } from '@signet/db/member-session';
import { findOrganizationMember } from '@signet/db/organization-member';
import { ByAdministrator, ByMember } from '../authentication/caller.decorator.ts';
import type { Administrator, MemberCaller } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';
import { onMember } from '../members/on-member.ts';

const { listSessions: listOwn, endSession: endOwn, endOtherSessions: endOthers } = sessionRoutes;
const { listMemberSessions: listTheirs, endMemberSession: endTheirs, endMemberSessions: endAllTheirs } = memberRoutes;

/** Sessions of members: their own, and, for admins, everybody's. */
@Controller()
export class SessionListController {
  constructor(private readonly database: Database) {}

  @Endpoint(listOwn)
  async list(@ByMember() caller: MemberCaller, @Input(listOwn) _input: InputOf<typeof listOwn>): Promise<AnswerOf<typeof listOwn>> {
    const sessions = await listMemberSessions(this.#scopeOf(caller), caller.organizationId, caller.id);
    return { items: sessions.map((session) => view(session, caller)) };
  }

  @Endpoint(endOthers)
  async endOthers(
    @ByMember() caller: MemberCaller,
    @Input(endOthers) _input: InputOf<typeof endOthers>,
  ): Promise<AnswerOf<typeof endOthers>> {
    return { ended: await this.#scopeOf(caller).transaction((tx) => endAll(tx, caller, caller.id, caller.sessionId)) };
  }

  @Endpoint(endOwn)
  endOwn(@ByMember() caller: MemberCaller, @Input(endOwn) { params }: InputOf<typeof endOwn>): Promise<void> {
    return this.#scopeOf(caller).transaction((tx) => endOne(tx, caller, caller.id, params.id));
  }

  @Endpoint(listTheirs)
  async listTheirs(
    @ByAdministrator() caller: Administrator,
    @Input(listTheirs) { params }: InputOf<typeof listTheirs>,
  ): Promise<AnswerOf<typeof listTheirs>> {
    const scope = this.#scopeOf(caller);
    if (!(await findOrganizationMember(scope, caller.organizationId, params.id))) throw notFound();
    const sessions = await listMemberSessions(scope, caller.organizationId, params.id);
    return { items: sessions.map((session) => view(session, caller)) };
  }

  @Endpoint(endAllTheirs)
  async endAllTheirs(
    @ByAdministrator() caller: Administrator,
    @Input(endAllTheirs) { params }: InputOf<typeof endAllTheirs>,
  ): Promise<AnswerOf<typeof endAllTheirs>> {
    const act = { action: 'MemberSessionEnd', id: params.id } as const;
    return { ended: await onMember(this.#scopeOf(caller), caller, act, (tx) => endAll(tx, caller, params.id, null)) };
  }

  @Endpoint(endTheirs)
  endTheirs(@ByAdministrator() caller: Administrator, @Input(endTheirs) { params }: InputOf<typeof endTheirs>): Promise<void> {
    const act = { action: 'MemberSessionEnd', id: params.id } as const;
    return onMember(this.#scopeOf(caller), caller, act, (tx) => endOne(tx, caller, params.id, params.session));
  }

  #scopeOf(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }
}

async function endOne(tx: OrganizationTransaction, caller: Administrator, memberId: string, sessionId: string): Promise<void> {
  if (!(await endMemberSession(tx, memberId, sessionId))) throw notFound();
  const act = { action: 'MemberSessionEnd', target: { kind: 'member', id: memberId }, before: { sessions: 1 } } as const;
  await appendAdminRecord(tx, { ...actBy(caller), ...act });
}

/** What changes nothing leaves no record. */
async function endAll(tx: OrganizationTransaction, caller: Administrator, memberId: string, but: string | null): Promise<number> {
  const ended = await endMemberSessions(tx, memberId, but);
  const act = { action: 'MemberSessionEnd', target: { kind: 'member', id: memberId }, before: { sessions: ended } } as const;
  if (ended > 0) await appendAdminRecord(tx, { ...actBy(caller), ...act });
  return ended;
}

function view({ createdAt, lastSeenAt, expiresAt, ...session }: ListedMemberSession, caller: Administrator): MemberSession {
  return {
    ...session,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    current: caller.kind === 'member' && caller.sessionId === session.id,
  };
}
