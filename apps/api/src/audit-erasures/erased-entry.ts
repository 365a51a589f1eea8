import { findEntryErasure } from '@signet/db/audit-erasure';
import type { OrganizationScope } from '@signet/db/database';
import { notFound, ProblemError } from '../http/problem-error.ts';

/** The answer for an entry that is not there: it was erased by law, or there never was one that may be seen. */
export async function absentEntry(scope: OrganizationScope, id: string): Promise<ProblemError> {
  const found = await findEntryErasure(scope, id);
  if (found?.outcome !== 'erased') return notFound();
  const { erasure, logIndex, removedAt, record } = found;
  const [when, told] = [removedAt?.toISOString() ?? '', record === null ? '' : `; the admin record ${record} tells of it`];
  const by = erasure.createdBy === null ? '' : ` for ${erasure.createdBy}`;
  return new ProblemError('entry_erased', {
    detail: `Erased ${when}${by}: ${erasure.reason}. Its place in the log, ${logIndex}, stays${told}`,
  });
}
