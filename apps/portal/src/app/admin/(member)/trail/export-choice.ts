import type { RequestOf } from '@signet/api-contract/route';
import type { routes } from '@signet/api-contract/routes';

/** What an export can be made as. */
export const exportForms = ['ndjson', 'csv', 'm365', 'm365All'] as const;
type ExportForm = (typeof exportForms)[number];

type Query = NonNullable<RequestOf<typeof routes.exportAuditEntries>['query']>;

/** What to ask the api for; null for a form that there is not. */
export function exportQueryOf(form: string | undefined): Pick<Query, 'format' | 'include'> | null {
  const known: ExportForm | undefined = exportForms.find((each) => each === form);
  if (known === undefined) return null;
  return known === 'm365All' ? { format: 'm365', include: 'all' } : { format: known };
}

/** Why an export was refused, in a word of `log.export.refused`. */
export const exportRefusals = ['too_many_requests', 'validation_failed', 'forbidden', 'other'] as const;
export type ExportRefusal = (typeof exportRefusals)[number];

/** The refusal that the page's address names; undefined for none. */
export function exportRefusalOf(code: string | undefined): ExportRefusal | undefined {
  return code === undefined ? undefined : (exportRefusals.find((each) => each === code) ?? 'other');
}
