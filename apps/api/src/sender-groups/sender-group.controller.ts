import { createHash } from 'node:crypto';
import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { senderGroupRoutes } from '@signet/api-contract/sender-groups';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { lockMailRules } from '@signet/db/mail-rule';
import { findSenderGroup, listSenderGroups, putSenderGroup, removeSenderGroup, type SenderGroup } from '@signet/db/sender-group';
import { namesSenderGroup } from '@signet/domain/mail-rule';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { meetsIfMatch } from '../http/if-match.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { addressesInCsv } from './addresses-in-csv.ts';

const { listSenderGroups: list, getSenderGroup: get, putSenderGroup: put, removeSenderGroup: remove } = senderGroupRoutes;

@Controller()
export class SenderGroupController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await listSenderGroups(this.database.forOrganization(caller.organizationId)) };
  }

  @Endpoint(get)
  async get(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    const group = await findSenderGroup(this.database.forOrganization(caller.organizationId), params.name);
    if (!group) throw notFound();
    return view(group);
  }

  @Endpoint(put)
  put(@ByAdministrator() caller: Administrator, @Input(put) input: InputOf<typeof put>): Promise<AnswerOf<typeof put>> {
    const { params, headers, body, raw } = input;
    const addresses = raw ? addressesInCsv(raw) : body?.addresses;
    if (!addresses) throw invalid([{ pointer: '/addresses', detail: 'must be a list of addresses' }]);
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      await lockMailRules(tx);
      const name = params.name.trim();
      const before = await findSenderGroup(tx, name);
      requireState(before, headers);
      await putSenderGroup(tx, { name, addresses });
      const after = await findSenderGroup(tx, name);
      if (!after) throw new Error('The group is gone');
      await record(tx, caller, before, after);
      return view(after);
    });
  }

  @Endpoint(remove)
  async remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const { rules } = await lockMailRules(tx);
      const before = await findSenderGroup(tx, params.name);
      if (!before) throw notFound();
      const user = rules.find((rule) => namesSenderGroup(rule, before.name));
      if (user) throw new ProblemError('in_use', { detail: `The mail rule “${user.name}” uses this group` });
      await removeSenderGroup(tx, before.name);
      await record(tx, caller, before, null);
    });
  }
}

/** Records what a group was and is, by the addresses that came and went; what is so already is no change. */
async function record(tx: OrganizationTransaction, caller: Administrator, before: SenderGroup | null, after: SenderGroup | null) {
  const [was, is] = [new Set(before?.addresses), new Set(after?.addresses)];
  const removed = [...was].filter((address) => !is.has(address));
  const added = [...is].filter((address) => !was.has(address));
  if (before && after && removed.length === 0 && added.length === 0) return;
  await appendAdminRecord(tx, {
    ...actBy(caller),
    action: before ? (after ? 'SenderGroupChange' : 'SenderGroupRemove') : 'SenderGroupCreate',
    target: { kind: 'sender-group', id: (after ?? before)?.name ?? null },
    before: before && { addressCount: before.addresses.length, removed },
    after: after && { addressCount: after.addresses.length, added },
  });
}

function view({ name, addresses }: SenderGroup) {
  return { name, addresses: [...addresses], revision: revisionOf(addresses) };
}

function revisionOf(addresses: readonly string[]): string {
  return createHash('sha256').update(addresses.join('\n')).digest('hex').slice(0, 32);
}

/** @throws where the group is not as the caller saw it, or is there where it should not be. */
function requireState(group: SenderGroup | null, headers: InputOf<typeof put>['headers']): void {
  if (headers['if-none-match'] !== undefined && group)
    throw new ProblemError('changed_meanwhile', { detail: `There is a group “${group.name}” already: nothing was changed` });
  const ifMatch = headers['if-match'];
  if (group ? meetsIfMatch(ifMatch, revisionOf(group.addresses)) : ifMatch === undefined) return;
  throw new ProblemError('changed_meanwhile', {
    detail: 'Nothing was changed. Read the group again, and repeat your change on what is there now',
  });
}
