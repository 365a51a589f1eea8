import type { HoldKind } from '@signet/domain/legal-hold';
import { nameOfDoer } from './message-detail.ts';

/** A legal hold, as it is kept. */
export interface StoredHold {
  readonly id: string;
  readonly kind: HoldKind;
  readonly messageUid: string | null;
  readonly messageId: string | null;
  readonly address: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly reason: string;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly releasedAt: Date | null;
  readonly releasedBy: string | null;
  readonly releaseReason: string | null;
}

/** A row of `holdColumns`. */
export type HoldRow = Omit<StoredHold, 'createdBy' | 'releasedBy'> & { readonly createdBy: unknown; readonly releasedBy: unknown };

/** In SQL, a hold's columns as a `HoldRow` has them. */
export const holdColumns = `id, kind, message_uid as "messageUid", message_id as "messageId", address, from_time as "from", to_time as "to", reason,
  created_at as "createdAt", created_by as "createdBy", released_at as "releasedAt", released_by as "releasedBy", release_reason as "releaseReason"`;

export function holdOf(row: HoldRow): StoredHold {
  return { ...row, createdBy: nameOfDoer(row.createdBy), releasedBy: nameOfDoer(row.releasedBy) };
}
