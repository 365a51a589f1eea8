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

  /**
   * It reads the trail, and is on record as that: with how many, and without the address, which is perhaps to be erased. That there is nothing is an
   * answer as well. Which messages and why they are held is told to who may read the trail.
   */
  async preview(caller: Administrator, body: Named): Promise<AuditErasurePreview> {
    const scope = this.database.forOrganization(caller.organizationId);
    const found = await this.#onRecord(caller, 'AuditSearch', body, (named) => previewErasure(scope, named));
    const { isCut, messages, holds, ...counts } = found;
    const after = { entries: counts.entries, held: counts.held };
    await recordAct(scope, caller, { action: 'AuditSearch', target: { kind: 'audit-erasure', id: null }, after });
    return {
      ...counts,
      more: isCut,
      messages: mayRead(caller) ? [...messages] : [],
      holds: holds.map(({ reason, ...hold }) => ({ ...hold, reason: mayRead(caller) ? reason : null })),
    };
  }

  /** An erasure that nobody would carry out is refused: whoever asked for it would believe the entries to be gone. */
  create(caller: Administrator, { reason, leaveHeld, ...body }: Request): Promise<StoredErasure> {
    return this.#onRecord(caller, 'AuditErase', body, (named) =>
      this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
        const erasure = await requestErasure(tx, { named, reason, leaveHeld }, { ...actBy(caller), by: doerOf(caller) });
        if (!(await readRetention(tx)).isCarriedOut) throw new ProblemError('retention_unavailable');
        return erasure;
      }),
    );
  }

  /** Does what somebody asked for; where it is refused that is on record before they are told, since the refusal tells of the trail as well. */
  async #onRecord<T>(
    caller: Administrator,
    action: 'AuditSearch' | 'AuditErase',
    body: Named,
    work: (named: NamedEntries) => Promise<T>,
  ): Promise<T> {
    const named = namedIn(body);
    try {
      return await work(named);
    } catch (error) {
      const problem = problemOf(error, mayRead(caller));
      if (!problem) throw error;
      const [target, after] = [{ kind: 'audit-erasure', id: null }, { kind: named.kind }];
      const scope = this.database.forOrganization(caller.organizationId);
      await recordAct(scope, caller, { action, target, status: 'Failure', reason: problem.code, after });
      throw problem;
    }
  }
}

function mayRead(caller: Administrator): boolean {
  return caller.permissions.has('audit:read');
}

function namedIn({ entries, address }: Named): NamedEntries {
  return address === undefined ? { kind: 'entries', ids: entries ?? [] } : { kind: 'address', address };
}

function problemOf(error: unknown, reasons: boolean): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof UnknownEntriesError) return notFound();
  if (error instanceof ErasedAlreadyError) return new ProblemError('entry_erased', { detail: error.message });
  if (error instanceof HeldEntriesError) return new ProblemError('entry_held', { detail: heldText(error, reasons) });
  return null;
}

/** Holds that are named in a refusal. */
const TOLD = 3;

function heldText({ held, holds }: HeldEntriesError, reasons: boolean): string {
  const nameOf = ({ id, kind, reason }: HoldingHold) => (reasons ? `“${reason}” (${kind} hold ${id})` : `the ${kind} hold ${id}`);
  const names = holds.slice(0, TOLD).map(nameOf);
  const more = holds.length > TOLD ? ` and ${holds.length - TOLD} more` : '';
  return `Nothing is erased: ${held} of these entries ${held === 1 ? 'is' : 'are'} kept by ${names.join(', ')}${more}. Release the hold, or leave out what is held`;
}
