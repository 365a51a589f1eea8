import type { JudgedTouches } from '@signet/api-contract/judged-touch';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { judgeTouch } from '@signet/domain/audit/touch-verdict';

/** What is derived of a page's touches, in its order; entries that there is nothing to say of have none. */
export function judgedTouchesIn(entries: readonly AuditEntry[]): JudgedTouches {
  return entries.flatMap((entry) => {
    const judged = judgeTouch(entry);
    return judged === null ? [] : [{ entryId: entry.id, ...judged, because: [...judged.because] }];
  });
}
