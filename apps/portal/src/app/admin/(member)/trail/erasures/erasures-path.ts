/** The page of what was erased from the trail by law. */
export const ERASURES_PATH = '/admin/trail/erasures';
