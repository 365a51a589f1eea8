import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { clock, type OrganizationScope } from './database.ts';

/** What an organization can switch. */
export interface OrganizationConfiguration {
  readonly enablePortalTrackingLogs: boolean;
  readonly requireSecondFactor: boolean;
}

/** The organization's configuration; null where there is no such organization. */
export async function readConfiguration(scope: OrganizationScope): Promise<OrganizationConfiguration | null> {
  return scope.prisma.organization.findUnique({
    where: { id: scope.organizationId },
    select: { enablePortalTrackingLogs: true, requireSecondFactor: true },
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
      `select enable_portal_tracking_logs as "enablePortalTrackingLogs", require_second_factor as "requireSecondFactor"
       from organization where id = $1::uuid for update`,
      [tx.organizationId],
    );
    if (!before) throw new Error('The organization is gone');
    const after = {
      enablePortalTrackingLogs: change.enablePortalTrackingLogs ?? before.enablePortalTrackingLogs,
      requireSecondFactor: change.requireSecondFactor ?? before.requireSecondFactor,
    };
    const switched = after.enablePortalTrackingLogs !== before.enablePortalTrackingLogs;
    if (!switched && after.requireSecondFactor === before.requireSecondFactor) return before;
    const at = await clock(tx);
    await tx.prisma.organization.update({ where: { id: tx.organizationId }, data: after });
    if (switched && after.enablePortalTrackingLogs) {
      await tx.prisma.trackingPeriod.create({ data: { organizationId: tx.organizationId, startedAt: at } });
    } else if (switched) {
      await tx.prisma.trackingPeriod.updateMany({ where: { organizationId: tx.organizationId, endedAt: null }, data: { endedAt: at } });
    }
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
