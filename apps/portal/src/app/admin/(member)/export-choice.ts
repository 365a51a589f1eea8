import type { RequestOf } from '@signet/api-contract/route';
import type { routes } from '@signet/api-contract/routes';

/** What an export of the trail can be made as. */
export const trailForms = ['ndjson', 'csv', 'm365', 'm365All'] as const;
/** What an export of the administrators' records can be made as. */
export const recordForms = ['ndjson', 'csv'] as const;
export type ExportForm = (typeof trailForms)[number];

type TrailQuery = NonNullable<RequestOf<typeof routes.exportAuditEntries>['query']>;
type RecordQuery = NonNullable<RequestOf<typeof routes.exportAdminRecords>['query']>;

/** What to ask the api for; null for a form that there is not. */
export function trailFormOf(form: string | undefined): Pick<TrailQuery, 'format' | 'include'> | null {
  const known = trailForms.find((each) => each === form);
  if (known === undefined) return null;
  return known === 'm365All' ? { format: 'm365', include: 'all' } : { format: known };
}

/** What to ask the api for; null for a form that there is not. */
export function recordFormOf(form: string | undefined): Pick<RecordQuery, 'format'> | null {
  const known = recordForms.find((each) => each === form);
  return known === undefined ? null : { format: known };
}

/** Why an export was refused, in a word of `log.export.refused`. */
const exportRefusals = ['too_many_requests', 'validation_failed', 'forbidden', 'other'] as const;
type ExportRefusal = (typeof exportRefusals)[number];

/** The refusal that the page's address names; undefined for none. */
export function exportRefusalOf(code: string | undefined): ExportRefusal | undefined {
  return code === undefined ? undefined : (exportRefusals.find((each) => each === code) ?? 'other');
}
