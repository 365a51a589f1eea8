import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { portalHeader, visitorHeaders } from '@signet/api-contract/portal-headers';
import { findApiKey } from '@signet/db/api-key';
import { Database } from '@signet/db/database';
import { findMemberSession } from '@signet/db/member';
import { roles } from '@signet/domain/role';
import type { Settings } from '../env.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { routeOf } from '../http/endpoint.decorator.ts';
import { ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';
import type { Administrator, Visitor } from './caller.ts';
import { FloodGate } from './flood-gate.ts';
import { recordRefusal } from './refused-act.ts';
import { hashOfSecret, isApiKeySecret, isSameSecret } from './secret.ts';

/**
 * Lets a request pass to its handler, or not: who may call a route stands in the contract. A recipient's session is not
 * looked at here but where content is decided about, in the transaction that decides.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  readonly #flood = new FloodGate();

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = routeOf(context);
    if (!route) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no route of the contract`);
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const fromPortal = this.#isFromPortal(request);
    const visitor = fromPortal ? visitorOf(request) : directVisitor(request);
    this.#flood.pass(visitor.clientIp);

    const { security } = route;
    if (security === 'none') request.caller = { kind: 'anonymous', visitor };
    else if (security === 'portal' || security === 'recipient') {
      if (!fromPortal) throw new ProblemError('unauthenticated');
      request.caller = { kind: 'portal', visitor };
    } else {
      const caller = await this.#administrator(request, visitor, fromPortal);
      if (!caller || (security === 'member' && caller.kind !== 'member')) throw new ProblemError('unauthenticated');
      request.caller = caller;
      if (typeof security === 'object' && !security.apiKey.every((wanted) => caller.permissions.has(wanted))) {
        await recordRefusal(this.database, route, caller);
        throw new ProblemError('forbidden');
      }
    }
    return true;
  }

  #isFromPortal(request: ApiRequest): boolean {
    const given = request.headers[portalHeader.secret];
    return typeof given === 'string' && isSameSecret(given, this.settings.PORTAL_SECRET);
  }

  async #administrator(request: ApiRequest, visitor: Visitor, fromPortal: boolean): Promise<Administrator | null> {
    const credential = /^Bearer ([\w.~+/-]{16,200}=*)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (credential === undefined) return null;
    if (isApiKeySecret(credential)) {
      const key = await findApiKey(this.database.system, hashOfSecret(credential));
      return key && { ...key, kind: 'api-key', permissions: new Set(key.scopes), visitor };
    }
    // A member's token is worth something to the portal's server only: a stolen one opens nothing from elsewhere.
    const session = fromPortal ? await findMemberSession(this.database.system, hashOfSecret(credential)) : null;
    if (!session) return null;
    const { memberId: id, ...member } = session;
    return { ...member, kind: 'member', id, permissions: new Set(roles[member.role]), visitor };
  }
}

function directVisitor(request: ApiRequest): Visitor {
  return { clientIp: request.ip, userAgent: request.headers['user-agent']?.slice(0, 1024) ?? null };
}

/** Whom the portal speaks for. An address that is none counts as not told; the route's schema refuses it where it matters. */
function visitorOf(request: ApiRequest): Visitor {
  const told = visitorHeaders.safeParse(request.headers).data ?? {};
  return { clientIp: told[portalHeader.visitorIp] ?? null, userAgent: told[portalHeader.visitorAgent] ?? null };
}
