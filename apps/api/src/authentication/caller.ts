import type { MessageSight } from '@signet/db/message-detail';
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
  /** Seconds until it ends unless it is used, and until it ends in any case. */
  readonly idleSecondsLeft: number;
  readonly secondsLeft: number;
  /** Until when the member's last proof of who they are counts as recent, and whether it does now. */
  readonly recentUntil: Date;
  readonly isRecent: boolean;
  /** Whether they must set up a second factor before anything else. */
  readonly secondFactorRequired: boolean;
  readonly permissions: ReadonlySet<Permission>;
  readonly visitor: Visitor;
}

/** A signed-in sender, through the portal: of all that the organization has, their own messages. */
export interface SenderCaller {
  readonly kind: 'sender';
  readonly organizationId: string;
  readonly organizationName: string;
  /** In lower case. */
  readonly address: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
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

export type Caller = ApiKeyCaller | MemberCaller | SenderCaller | PortalCaller | AnonymousCaller;

/** Somebody who acts for an organization. */
export type Administrator = ApiKeyCaller | MemberCaller;

/** Somebody who acts within an organization, be it on their own messages alone. */
export type Insider = Administrator | SenderCaller;

/** Who acts, as records name them. A sender is known by the address, and has no id. */
export function actorOf(caller: Insider): Actor {
  switch (caller.kind) {
    case 'member':
      return { kind: 'member', id: caller.id, address: caller.email };
    case 'sender':
      return { kind: 'sender', id: null, address: caller.address };
    case 'api-key':
      return { kind: 'integration', id: caller.id, address: null };
    default:
      return caller satisfies never;
  }
}

/** In words that people recognise: an address, an API key's name. */
function nameOf(caller: Insider): string {
  switch (caller.kind) {
    case 'member':
      return caller.email;
    case 'sender':
      return caller.address;
    case 'api-key':
      return caller.name;
    default:
      return caller satisfies never;
  }
}

/** Who acts as it is kept beside what they did, named in words that people recognise. */
export function doerOf(caller: Insider): Actor & { readonly name: string } {
  return { ...actorOf(caller), name: nameOf(caller) };
}

/** Whose messages somebody may see. */
export function messageSightOf(caller: Insider): MessageSight {
  return caller.kind === 'sender' ? { sender: caller.address } : 'organization';
}
