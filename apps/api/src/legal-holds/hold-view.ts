import type { LegalHold } from '@signet/api-contract/legal-holds';
import type { StoredHold } from '@signet/db/stored-hold';

/** A hold as the API shows it. */
export function holdView({ from, to, createdAt, releasedAt, ...hold }: StoredHold): LegalHold {
  return {
    ...hold,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    releasedAt: releasedAt?.toISOString() ?? null,
  };
}
