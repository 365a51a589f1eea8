import { Inject, Injectable } from '@nestjs/common';
import { portalHeader, visitorHeaders } from '@signet/api-contract/portal-headers';
import type { Route } from '@signet/api-contract/route';
import { findApiKey } from '@signet/db/api-key';
import { Database } from '@signet/db/database';
import { findMemberSession } from '@signet/db/member-session';
import { findSenderSession } from '@signet/db/sender-session';
import { lacksSecondFactor } from '@signet/domain/member-authentication';
import { roles, senderPermissions } from '@signet/domain/role';
import type { Settings } from '../env.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';
import type { Administrator, Caller, SenderCaller, Visitor } from './caller.ts';
import { FloodGate } from './flood-gate.ts';
import { recordRefusal } from './refused-act.ts';
import { hashOfSecret, isApiKeySecret, isSameSecret } from './secret.ts';

/**
 * Lets a request in, or not: who may call a route stands in the contract. Asked by the request's head alone, so that whoever
 * may not come in cannot make the api read and understand a body first. A recipient's session is not looked at here but
 * where content is decided about, in the transaction that decides.
 */
@Injectable()
export class Admission {
  readonly #flood = new FloodGate();

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @returns who calls.
   * @throws {ProblemError} `too_many_requests`, `unauthenticated`, `second_factor_required`, `forbidden`, `reauthentication_required`.
   */
  async admit(request: ApiRequest, route: Route): Promise<Caller> {
    const fromPortal = this.#isFromPortal(request);
    const visitor = fromPortal ? visitorOf(request) : directVisitor(request);
    this.#flood.pass(visitor.clientIp);

    const { security } = route;
    if (security === 'none') return { kind: 'anonymous', visitor };
    if (security === 'portal' || security === 'recipient') {
      if (!fromPortal) throw new ProblemError('unauthenticated');
      return { kind: 'portal', visitor };
    }
    if (security === 'sender') {
      const sender = fromPortal ? await this.#sender(request, visitor) : null;
      if (!sender) throw new ProblemError('unauthenticated');
      return sender;
    }
    const caller = await this.#administrator(request, { visitor, fromPortal, passive: route.passive ?? false });
    if (!caller || (security === 'member' && caller.kind !== 'member')) throw new ProblemError('unauthenticated');
    if (caller.kind === 'member' && caller.secondFactorRequired && !route.duringEnrolment) throw new ProblemError('second_factor_required');
    if (typeof security === 'object' && !security.apiKey.every((wanted) => caller.permissions.has(wanted))) {
      await recordRefusal(this.database, route, caller);
      throw new ProblemError('forbidden');
    }
    if (route.recentAuthentication && caller.kind === 'member' && !caller.isRecent) throw new ProblemError('reauthentication_required');
    return caller;
  }

  #isFromPortal(request: ApiRequest): boolean {
    const given = request.headers[portalHeader.secret];
    return typeof given === 'string' && isSameSecret(given, this.settings.PORTAL_SECRET);
  }

  async #sender(request: ApiRequest, visitor: Visitor): Promise<SenderCaller | null> {
    const credential = credentialOf(request);
    const session = credential === undefined ? null : await findSenderSession(this.database.system, hashOfSecret(credential));
    return session && { ...session, kind: 'sender', permissions: new Set(senderPermissions), visitor };
  }

  async #administrator(
    request: ApiRequest,
    { visitor, fromPortal, passive }: { visitor: Visitor; fromPortal: boolean; passive: boolean },
  ): Promise<Administrator | null> {
    const credential = credentialOf(request);
    if (credential === undefined) return null;
    if (isApiKeySecret(credential)) {
      const key = await findApiKey(this.database.system, hashOfSecret(credential));
      return key && { ...key, kind: 'api-key', permissions: new Set(key.scopes), visitor };
    }
    // A member's token is worth something to the portal's server only: a stolen one opens nothing from elsewhere.
    const session = fromPortal ? await findMemberSession(this.database.system, hashOfSecret(credential), { passive }) : null;
    if (!session) return null;
    const { memberId: id, ...member } = session;
    const secondFactorRequired = lacksSecondFactor(member);
    return { ...member, kind: 'member', id, secondFactorRequired, permissions: new Set(roles[member.role]), visitor };
  }
}

function credentialOf(request: ApiRequest): string | undefined {
  return /^Bearer ([\w.~+/-]{16,200}=*)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function directVisitor(request: ApiRequest): Visitor {
  return { clientIp: request.ip, userAgent: request.headers['user-agent']?.slice(0, 1024) ?? null };
}

/** Whom the portal speaks for. An address that is none counts as not told; the route's schema refuses it where it matters. */
function visitorOf(request: ApiRequest): Visitor {
  const told = visitorHeaders.safeParse(request.headers).data ?? {};
  return { clientIp: told[portalHeader.visitorIp] ?? null, userAgent: told[portalHeader.visitorAgent] ?? null };
}
