/** The page that takes records of Microsoft 365, with the list of what was taken. */
export const IMPORTS_PATH = '/admin/trail/import';

/** The address of one import. */
export function importPath(id: string): string {
  return `${IMPORTS_PATH}/${encodeURIComponent(id)}`;
}
