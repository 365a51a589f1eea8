import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { clock, type AdministrationTransaction, type OrganizationScope } from './database.ts';

/** What an organization can switch. */
export interface OrganizationConfiguration {
  readonly enablePortalTrackingLogs: boolean;
  readonly requireSecondFactor: boolean;
  /** Whether senders are told by mail that a message of theirs has been taken. */
  readonly notifySenders: boolean;
}

/** The organization's configuration; null where there is no such organization. */
export async function readConfiguration(scope: OrganizationScope): Promise<OrganizationConfiguration | null> {
  return scope.prisma.organization.findUnique({
    where: { id: scope.organizationId },
    select: { enablePortalTrackingLogs: true, notifySenders: true, requireSecondFactor: true },
  });
}

/**
 * Changes the configuration, with the span of tracking that begins or ends and the record of it, in one transaction.
 * What is already so is no change and leaves no record.
 */
export async function changeConfiguration(
  scope: OrganizationScope,
  change: { readonly [setting in keyof OrganizationConfiguration]?: boolean | undefined },
  act: Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'>,
): Promise<OrganizationConfiguration> {
  return scope.administer(async (tx) => {
    const [before] = await tx.query<OrganizationConfiguration>(
      `select enable_portal_tracking_logs as "enablePortalTrackingLogs", notify_senders as "notifySenders",
         require_second_factor as "requireSecondFactor"
       from organization where id = $1::uuid for update`,
      [tx.organizationId],
    );
    if (!before) throw new Error('The organization is gone');
    const after = {
      enablePortalTrackingLogs: change.enablePortalTrackingLogs ?? before.enablePortalTrackingLogs,
      notifySenders: change.notifySenders ?? before.notifySenders,
      requireSecondFactor: change.requireSecondFactor ?? before.requireSecondFactor,
    };
    if (isSame(before, after)) return before;
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

function isSame(before: OrganizationConfiguration, after: OrganizationConfiguration): boolean {
  return (
    before.enablePortalTrackingLogs === after.enablePortalTrackingLogs &&
    before.notifySenders === after.notifySenders &&
    before.requireSecondFactor === after.requireSecondFactor
  );
}

/** A span of tracking begins, or the one that lasts ends. */
async function switchTracking({ organizationId, prisma }: AdministrationTransaction, on: boolean, at: Date): Promise<void> {
  if (on) await prisma.trackingPeriod.create({ data: { organizationId, startedAt: at } });
  else await prisma.trackingPeriod.updateMany({ where: { organizationId, endedAt: null }, data: { endedAt: at } });
}
