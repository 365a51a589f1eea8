import { Injectable } from '@nestjs/common';
import type { CheckpointDeliveryState } from '@signet/api-contract/checkpoint-delivery';
import { appendAdminRecord } from '@signet/db/admin-record';
import { checkpointStanding, findCheckpointDelivery, lockCheckpointDelivery, setCheckpointDelivery } from '@signet/db/checkpoint-delivery';
import { Database } from '@signet/db/database';
import type { CheckpointDelivery } from '@signet/domain/checkpoint-delivery';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';

/** How checkpoints of the organization's logs leave the server. */
@Injectable()
export class CheckpointDeliveryService {
  constructor(private readonly database: Database) {}

  async get(caller: Administrator): Promise<CheckpointDeliveryState> {
    const scope = this.database.forOrganization(caller.organizationId);
    const [delivery, { nextAt, last }] = await Promise.all([findCheckpointDelivery(scope), checkpointStanding(scope)]);
    return {
      everyHours: delivery.everyHours,
      toAdmins: delivery.toAdmins,
      addresses: [...delivery.addresses],
      nextAt: nextAt.toISOString(),
      last: last && {
        at: last.at.toISOString(),
        auditSize: last.auditSize,
        adminSize: last.adminSize,
        mails: last.mails.map(({ sentAt, ...mail }) => ({ ...mail, sentAt: sentAt === null ? null : new Date(sentAt).toISOString() })),
      },
    };
  }

  /** What is so already is no change. */
  async set(caller: Administrator, given: CheckpointDelivery): Promise<CheckpointDeliveryState> {
    const after = { ...given, addresses: [...new Set(given.addresses)] };
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const { everyHours, toAdmins, addresses } = await lockCheckpointDelivery(tx);
      const before = { everyHours, toAdmins, addresses: [...addresses] };
      if (JSON.stringify(after) === JSON.stringify({ ...after, ...before })) return;
      await setCheckpointDelivery(tx, after);
      await appendAdminRecord(tx, {
        ...actBy(caller),
        action: 'CheckpointDeliveryChange',
        target: { kind: 'log', id: null },
        before,
        after,
      });
    });
    return this.get(caller);
  }
}
