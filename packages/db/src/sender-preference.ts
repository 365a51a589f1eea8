import { noticeSettings, senderNoticeKind, type SenderNoticeKind } from '@signet/domain/sender-notice';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { readConfiguration } from './configuration.ts';
import type { OrganizationScope, OrganizationTransaction } from './database.ts';

/** Of each kind of notice yes or no. */
type OfEachKind = Readonly<Record<SenderNoticeKind, boolean>>;

/** What a sender can be told by mail, and wants to be told. */
export interface SenderNotices {
  /** What the organization tells its senders. */
  readonly offered: OfEachKind;
  /** What the sender has not declined, offered or not. */
  readonly wanted: OfEachKind;
  readonly unreadAfterDays: number | null;
}

/** Thrown when a sender asks for notices that the organization does not send. */
export class NoticesNotOfferedError extends Error {
  override readonly name = 'NoticesNotOfferedError';
  readonly kinds: readonly SenderNoticeKind[];

  constructor(kinds: readonly SenderNoticeKind[]) {
    super(`The organization does not send these notices: ${kinds.join(', ')}`);
    this.kinds = kinds;
  }
}

/** Whether the sender of a message `m` wants notices of a kind: a condition in SQL. */
export function isWanted(kind: SenderNoticeKind | { readonly column: string }): string {
  return `not exists (
    select from sender_preference p where p.organization_id = m.organization_id and p.address_key = lower(m.sender)
      and ${typeof kind === 'string' ? `'${kind}'` : kind.column} = any(p.declined))`;
}

/** What a sender is told, and could be. */
export async function readSenderNotices(scope: OrganizationScope, address: string): Promise<SenderNotices> {
  const [row] = await scope.query<{ declined: string[] }>(
    'select declined from sender_preference where organization_id = $1 and address_key = lower($2)',
    [scope.organizationId, address],
  );
  return noticesOf(scope, row?.declined ?? []);
}

/**
 * Changes what a sender is told, with its record, in one transaction. Kinds that are left out stay as they are; what is already so
 * leaves no record.
 * @throws {NoticesNotOfferedError} when something is asked for that the organization tells nobody; nothing is changed then.
 */
export function changeSenderNotices(
  scope: OrganizationScope,
  address: string,
  change: { readonly [kind in SenderNoticeKind]?: boolean | undefined },
  act: Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'>,
): Promise<SenderNotices> {
  return scope.transaction(async (tx) => {
    await tx.query(
      "insert into sender_preference (organization_id, address_key, declined) values ($1, lower($2), '{}') on conflict do nothing",
      [tx.organizationId, address],
    );
    const [row] = await tx.query<{ declined: string[] }>(
      'select declined from sender_preference where organization_id = $1 and address_key = lower($2) for update',
      [tx.organizationId, address],
    );
    const before = await noticesOf(tx, row?.declined ?? []);
    const refused = senderNoticeKind.options.filter((kind) => change[kind] === true && !before.offered[kind]);
    if (refused.length > 0) throw new NoticesNotOfferedError(refused);
    const wanted = ofEachKind((kind) => change[kind] ?? before.wanted[kind]);
    const declined = senderNoticeKind.options.filter((kind) => !wanted[kind]);
    if (senderNoticeKind.options.every((kind) => wanted[kind] === before.wanted[kind])) return before;
    await tx.query('update sender_preference set declined = $3 where organization_id = $1 and address_key = lower($2)', [
      tx.organizationId,
      address,
      declined,
    ]);
    await appendAdminRecord(tx, {
      ...act,
      action: 'SenderNoticesChange',
      target: { kind: 'sender', id: address },
      before: { ...before.wanted },
      after: { ...wanted },
    });
    return { ...before, wanted };
  });
}

async function noticesOf(db: OrganizationScope | OrganizationTransaction, declined: readonly string[]): Promise<SenderNotices> {
  const configuration = await readConfiguration(db);
  if (!configuration) throw new Error('The organization is gone');
  return {
    offered: ofEachKind((kind) => {
      const setting = configuration[noticeSettings[kind]];
      return setting !== null && setting !== false;
    }),
    wanted: ofEachKind((kind) => !declined.includes(kind)),
    unreadAfterDays: configuration.notifyUnreadAfterDays,
  };
}

function ofEachKind(is: (kind: SenderNoticeKind) => boolean): OfEachKind {
  return {
    accepted: is('accepted'),
    firstOpening: is('firstOpening'),
    unread: is('unread'),
    bounced: is('bounced'),
    expiredUnread: is('expiredUnread'),
    refusedAfterRevocation: is('refusedAfterRevocation'),
  };
}
