import type { Actor } from '@signet/domain/audit/entry';
import type { EnrolledFactors } from '@signet/domain/member-authentication';
import type { Permission, Role } from '@signet/domain/role';

/** Where a request comes from: the visitor that the portal speaks for, else whoever asks. */
export interface Visitor {
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

/** A program with an API key. */
export interface ApiKeyCaller {
  readonly kind: 'api-key';
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly visitor: Visitor;
}

/** A signed-in member, through the portal. */
export interface MemberCaller extends EnrolledFactors {
  readonly kind: 'member';
  readonly organizationId: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly organizationName: string;
  readonly sessionId: string;
  /** When the session ends. */
  readonly expiresAt: Date;
  /** Until when the member's last proof of who they are counts as recent, and whether it does now. */
  readonly recentUntil: Date;
  readonly isRecent: boolean;
  /** Whether they must set up a second factor before anything else. */
  readonly secondFactorRequired: boolean;
  readonly permissions: ReadonlySet<Permission>;
  readonly visitor: Visitor;
}

/** The portal's own server, on behalf of somebody who may or may not be signed in as a recipient. */
export interface PortalCaller {
  readonly kind: 'portal';
  readonly visitor: Visitor;
}

/** Anybody, on routes that are for everybody. */
export interface AnonymousCaller {
  readonly kind: 'anonymous';
  readonly visitor: Visitor;
}

export type Caller = ApiKeyCaller | MemberCaller | PortalCaller | AnonymousCaller;

/** Somebody who acts within an organization. */
export type Administrator = ApiKeyCaller | MemberCaller;

/** The administrator as records name them. */
export function actorOf(caller: Administrator): Actor {
  return caller.kind === 'member'
    ? { kind: 'member', id: caller.id, address: caller.email }
    : { kind: 'integration', id: caller.id, address: null };
}

/** The administrator as it is kept beside what they did, named in words that people recognise: a member's address, an API key's name. */
export function doerOf(caller: Administrator): Actor & { readonly name: string } {
  return { ...actorOf(caller), name: caller.kind === 'member' ? caller.email : caller.name };
}
