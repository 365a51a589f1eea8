/** The address of an admin record. */
export function recordPath(id: string): string {
  return `/admin/records/${encodeURIComponent(id)}`;
}
