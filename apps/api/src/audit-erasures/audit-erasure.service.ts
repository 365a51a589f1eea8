import { Injectable } from '@nestjs/common';
import type { auditErasureRoutes, AuditErasurePreview } from '@signet/api-contract/audit-erasures';
import type { BodyOf } from '@signet/api-contract/route';
import {
  ErasedAlreadyError,
  HeldEntriesError,
  previewErasure,
  requestErasure,
  UnknownEntriesError,
  type HoldingHold,
  type NamedEntries,
  type StoredErasure,
} from '@signet/db/audit-erasure';
import { Database } from '@signet/db/database';
import { readRetention } from '@signet/db/retention';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy, recordAct } from '../authentication/record-act.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';

type Request = BodyOf<typeof auditErasureRoutes.createAuditErasure>;
type Named = Pick<Request, 'entries' | 'address'>;

/** Erasing audit entries by law. */
@Injectable()
export class AuditErasureService {
  constructor(private readonly database: Database) {}

  /** It reads the trail, and is on record as that: with how many, and without the address, which is perhaps to be erased. */
  async preview(caller: Administrator, body: Named): Promise<AuditErasurePreview> {
    const scope = this.database.forOrganization(caller.organizationId);
    const { isCut, messages, holds, ...counts } = await refusing(() => previewErasure(scope, namedIn(body)));
    const after = { entries: counts.entries, held: counts.held };
    await recordAct(scope, caller, { action: 'AuditSearch', target: { kind: 'audit-erasure', id: null }, after });
    return { ...counts, more: isCut, messages: [...messages], holds: [...holds] };
  }

  /** An erasure that nobody would carry out is refused: whoever asked for it would believe the entries to be gone. */
  create(caller: Administrator, { reason, leaveHeld, ...body }: Request): Promise<StoredErasure> {
    const named = namedIn(body);
    return refusing(() =>
      this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
        const erasure = await requestErasure(tx, { named, reason, leaveHeld }, { ...actBy(caller), by: doerOf(caller) });
        if (!(await readRetention(tx)).isCarriedOut) throw new ProblemError('retention_unavailable');
        return erasure;
      }),
    );
  }
}

function namedIn({ entries, address }: Named): NamedEntries {
  return address === undefined ? { kind: 'entries', ids: entries ?? [] } : { kind: 'address', address };
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownEntriesError) throw notFound();
    if (error instanceof ErasedAlreadyError) throw new ProblemError('entry_erased', { detail: error.message });
    if (error instanceof HeldEntriesError) throw new ProblemError('entry_held', { detail: heldText(error) });
    throw error;
  }
}

/** Holds that are named in a refusal. */
const TOLD = 3;

function heldText({ held, holds }: HeldEntriesError): string {
  const names = holds.slice(0, TOLD).map((hold: HoldingHold) => `“${hold.reason}” (${hold.kind} hold ${hold.id})`);
  const more = holds.length > TOLD ? ` and ${holds.length - TOLD} more` : '';
  return `Nothing is erased: ${held} of these entries ${held === 1 ? 'is' : 'are'} kept by ${names.join(', ')}${more}. Release the hold, or leave out what is held`;
}
