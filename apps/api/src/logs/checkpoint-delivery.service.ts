import { Injectable } from '@nestjs/common';
import type { CheckpointDeliveryState } from '@signet/api-contract/checkpoint-delivery';
import { appendAdminRecord } from '@signet/db/admin-record';
import { checkpointStanding, findCheckpointDelivery, lockCheckpointDelivery, setCheckpointDelivery } from '@signet/db/checkpoint-delivery';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { listOrganizationDomains } from '@signet/db/domain';
import { listMembers } from '@signet/db/organization-member';
import { domainOf } from '@signet/db/sender-passcode';
import { STRANGERS_HOURS, type CheckpointDelivery } from '@signet/domain/checkpoint-delivery';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { invalid } from '../http/problem-error.ts';

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

  /** What is so already is no change. @throws {ProblemError} 400 where strangers would get them more often than daily. */
  async set(caller: Administrator, given: CheckpointDelivery): Promise<CheckpointDeliveryState> {
    const after = { ...given, addresses: [...new Set(given.addresses)] };
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const { everyHours, toAdmins, addresses } = await lockCheckpointDelivery(tx);
      const before = { everyHours, toAdmins, addresses: [...addresses] };
      if (JSON.stringify(after) === JSON.stringify({ ...after, ...before })) return;
      await refuseOftenToStrangers(tx, after);
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

/** @throws {ProblemError} 400 that names each address that is no member's and of none of the organization's domains. */
async function refuseOftenToStrangers(tx: OrganizationTransaction, { everyHours, addresses }: CheckpointDelivery): Promise<void> {
  if (everyHours >= STRANGERS_HOURS || addresses.length === 0) return;
  const members = new Set((await listMembers(tx, tx.organizationId)).map(({ email }) => email.toLowerCase()));
  const domains = new Set((await listOrganizationDomains(tx)).flatMap(({ domain, verifiedAt }) => (verifiedAt === null ? [] : [domain])));
  const faults = addresses.flatMap((address, index) =>
    members.has(address.toLowerCase()) || domains.has(domainOf(address.toLowerCase()))
      ? []
      : [
          {
            pointer: `/addresses/${index}`,
            detail: `is no member's, and of none of the organization's proven domains, so it gets checkpoints once a day at most: let them leave every ${STRANGERS_HOURS} hours, leave the address out, or prove its domain`,
          },
        ],
  );
  if (faults.length > 0) throw invalid(faults);
}
