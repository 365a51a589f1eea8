/** The address of an audit entry. */
export function entryPath(id: string): string {
  return `/admin/trail/${encodeURIComponent(id)}`;
}
