import type { ContentAfterExpiry, SenderExpiryPolicy } from '@signet/domain/message-expiry';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { clock, type AdministrationTransaction, type OrganizationScope } from './database.ts';

/** What an organization can set. */
export interface OrganizationConfiguration {
  readonly enablePortalTrackingLogs: boolean;
  readonly requireSecondFactor: boolean;
  /** Whether senders are told by mail that a message of theirs has been taken. */
  readonly notifySenders: boolean;
  readonly sendersMayChangeExpiry: SenderExpiryPolicy;
  readonly contentAfterExpiry: ContentAfterExpiry;
  readonly eraseAfterDays: number;
}

/** Each setting and its column. */
const columns = {
  enablePortalTrackingLogs: 'enable_portal_tracking_logs',
  requireSecondFactor: 'require_second_factor',
  notifySenders: 'notify_senders',
  sendersMayChangeExpiry: 'senders_may_change_expiry',
  contentAfterExpiry: 'content_after_expiry',
  eraseAfterDays: 'erase_after_days',
} as const satisfies Record<keyof OrganizationConfiguration, string>;

const selected = Object.entries(columns)
  .map(([setting, column]) => `${column} as "${setting}"`)
  .join(', ');

/** The organization's configuration; null where there is no such organization. */
export async function readConfiguration(scope: OrganizationScope): Promise<OrganizationConfiguration | null> {
  const [row] = await scope.query<OrganizationConfiguration>(`select ${selected} from organization where id = $1`, [scope.organizationId]);
  return row ?? null;
}

/**
 * Changes the configuration, with the span of tracking that begins or ends and the record of it, in one transaction.
 * What is already so is no change and leaves no record.
 */
export async function changeConfiguration(
  scope: OrganizationScope,
  change: { readonly [setting in keyof OrganizationConfiguration]?: OrganizationConfiguration[setting] | undefined },
  act: Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'>,
): Promise<OrganizationConfiguration> {
  return scope.administer(async (tx) => {
    const [before] = await tx.query<OrganizationConfiguration>(`select ${selected} from organization where id = $1::uuid for update`, [
      tx.organizationId,
    ]);
    if (!before) throw new Error('The organization is gone');
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after: OrganizationConfiguration = { ...before, ...given };
    if (JSON.stringify(before) === JSON.stringify(after)) return before;
    const at = await clock(tx);
    await tx.prisma.organization.update({ where: { id: tx.organizationId }, data: after });
    if (after.enablePortalTrackingLogs !== before.enablePortalTrackingLogs) await switchTracking(tx, after.enablePortalTrackingLogs, at);
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

/** A span of tracking begins, or the one that lasts ends. */
async function switchTracking({ organizationId, prisma }: AdministrationTransaction, on: boolean, at: Date): Promise<void> {
  if (on) await prisma.trackingPeriod.create({ data: { organizationId, startedAt: at } });
  else await prisma.trackingPeriod.updateMany({ where: { organizationId, endedAt: null }, data: { endedAt: at } });
}
