import type { ContentAfterExpiry, SenderExpiryPolicy } from '@signet/domain/message-expiry';
import type { PrivacyPolicy } from '@signet/domain/privacy-policy';
import type { MailLanguages } from '@signet/domain/recipient-language';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { noteTrackingSwitch } from './alert-watch.ts';
import { clock, type AdministrationTransaction, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { keepRecordingKey, privacyColumns, type SealedRecordingKey } from './recording.ts';

/** What an organization can set. */
export interface OrganizationConfiguration extends PrivacyPolicy {
  readonly enablePortalTrackingLogs: boolean;
  readonly requireSecondFactor: boolean;
  /** Whether senders are told by mail that a message of theirs has been taken. */
  readonly notifySenders: boolean;
  /** Whether they are told of what became of it: see `senderNoticeKind` of the domain. */
  readonly notifyFirstOpening: boolean;
  /** Null: never. */
  readonly notifyUnreadAfterDays: number | null;
  readonly notifyBounced: boolean;
  readonly notifyExpiredUnread: boolean;
  readonly notifyRefusedAfterRevocation: boolean;
  readonly sendersMayChangeExpiry: SenderExpiryPolicy;
  readonly contentAfterExpiry: ContentAfterExpiry;
  readonly eraseAfterDays: number;
  /** The domain of wrapper mails' envelope senders; null: they are the messages' senders. */
  readonly bounceDomain: string | null;
  /** Languages of wrapper mails whose template names none. */
  readonly mailLanguages: MailLanguages;
  /** Bytes of a message at most; null: as many as the installation takes. */
  readonly maxMessageBytes: number | null;
  /** Recipients of a message at most. */
  readonly maxRecipients: number;
}

/** Thrown when bounces would come back to a domain that is none of the organization's. */
export class ForeignDomainError extends Error {
  override readonly name = 'ForeignDomainError';
}

/** Each setting and its column. */
const columns = {
  enablePortalTrackingLogs: 'enable_portal_tracking_logs',
  requireSecondFactor: 'require_second_factor',
  notifySenders: 'notify_senders',
  notifyFirstOpening: 'notify_first_opening',
  notifyUnreadAfterDays: 'notify_unread_after_days',
  notifyBounced: 'notify_bounced',
  notifyExpiredUnread: 'notify_expired_unread',
  notifyRefusedAfterRevocation: 'notify_refused_after_revocation',
  sendersMayChangeExpiry: 'senders_may_change_expiry',
  contentAfterExpiry: 'content_after_expiry',
  eraseAfterDays: 'erase_after_days',
  bounceDomain: 'bounce_domain',
  mailLanguages: 'mail_languages',
  ...privacyColumns,
  maxMessageBytes: 'max_message_bytes',
  maxRecipients: 'max_recipients',
} as const satisfies Record<keyof OrganizationConfiguration, string>;

const selected = Object.entries(columns)
  .map(([setting, column]) => `${column} as "${setting}"`)
  .join(', ');

/** The organization's configuration; null where there is no such organization. */
export async function readConfiguration(db: OrganizationScope | OrganizationTransaction): Promise<OrganizationConfiguration | null> {
  const [row] = await db.query<OrganizationConfiguration>(`select ${selected} from organization where id = $1`, [db.organizationId]);
  return row ?? null;
}

/**
 * Changes the configuration, with the span of tracking that begins or ends and the record of it, in one transaction.
 * What is already so is no change and leaves no record.
 * @param recordingKey must be given where something is to be recorded as a hash.
 * @throws {ForeignDomainError}
 */
export async function changeConfiguration(
  scope: OrganizationScope,
  change: { readonly [setting in keyof OrganizationConfiguration]?: OrganizationConfiguration[setting] | undefined },
  act: Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'>,
  recordingKey?: SealedRecordingKey,
): Promise<OrganizationConfiguration> {
  return scope.administer(async (tx) => {
    const [before] = await tx.query<OrganizationConfiguration>(`select ${selected} from organization where id = $1::uuid for update`, [
      tx.organizationId,
    ]);
    if (!before) throw new Error('The organization is gone');
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after: OrganizationConfiguration = { ...before, ...given };
    if (JSON.stringify(before) === JSON.stringify(after)) return before;
    if (after.bounceDomain !== before.bounceDomain && after.bounceDomain !== null) await checkDomain(tx, after.bounceDomain);
    if (recordingKey) await keepRecordingKey(tx, recordingKey);
    const at = await clock(tx);
    await tx.prisma.organization.update({ where: { id: tx.organizationId }, data: after });
    if (after.enablePortalTrackingLogs !== before.enablePortalTrackingLogs) {
      await switchTracking(tx, after.enablePortalTrackingLogs, at);
      await noteTrackingSwitch(tx, after.enablePortalTrackingLogs, at, act.actor);
    }
    if (before.notifyUnreadAfterDays === null && after.notifyUnreadAfterDays !== null) await countUnreadFrom(tx, at);
    await appendAdminRecord(tx, {
      ...act,
      action: 'ConfigurationChange',
      target: { kind: 'configuration', id: null },
      before: { ...before },
      after: { ...after },
      at,
    });
    return after;
  });
}

/** Domains are unique among organizations, so of one that is ours or below ours no bounce is anybody else's. */
async function checkDomain(tx: AdministrationTransaction, domain: string): Promise<void> {
  const [own] = await tx.query(
    `select 1 from organization_domain where organization_id = $1::uuid and ($2 = domain or right($2, length(domain) + 1) = '.' || domain)`,
    [tx.organizationId, domain],
  );
  if (!own) throw new ForeignDomainError(`${domain} is none of the organization's domains`);
}

/** A span of tracking begins, or the one that lasts ends. */
async function switchTracking({ organizationId, prisma }: AdministrationTransaction, on: boolean, at: Date): Promise<void> {
  if (on) await prisma.trackingPeriod.create({ data: { organizationId, startedAt: at } });
  else await prisma.trackingPeriod.updateMany({ where: { organizationId, endedAt: null }, data: { endedAt: at } });
}

/** Who has not opened a message is told from now on: of recipients whose days are over already nobody asked. */
async function countUnreadFrom(tx: AdministrationTransaction, at: Date): Promise<void> {
  await tx.query(
    `update organization set unread_noted_through = $2::timestamptz - make_interval(hours => 24 * notify_unread_after_days) where id = $1::uuid`,
    [tx.organizationId, at],
  );
}
