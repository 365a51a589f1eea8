/** The address of an audit entry. */
export function entryPath(id: string): string {
  return `/admin/trail/${encodeURIComponent(id)}`;
}

/** The page of what is erased by law. */
export const erasuresPath = '/admin/trail/erasures';
