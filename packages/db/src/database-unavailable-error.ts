/** Thrown when PostgreSQL cannot be reached or refuses to work for now: the answer is 503 or 451, and nothing happened. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/** SQLSTATE classes that mean "not now": connection, sign-in, resources, operator intervention (also a read-only or starting server). */
const unavailableClasses = new Set(['08', '25', '28', '53', '57', '58']);
/** The same of single states: no privilege (yet), a database that takes no connections, one that is not there. */
const unavailableStates = new Set(['42501', '55000', '3D000']);

/** Whether PostgreSQL refuses a row that is another organization's: with the state of a missing privilege, but for good. */
function isBehindWall(message: string): boolean {
  return message.includes('row-level security');
}

/** Whether an error of PostgreSQL means that it cannot work for now. */
export function isUnavailable(sqlState: string, message: string): boolean {
  return (unavailableClasses.has(sqlState.slice(0, 2)) || unavailableStates.has(sqlState)) && !isBehindWall(message);
}

/** pg's error as the error to throw. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  if (isSqlState && !isUnavailable(code, error.message)) return error;
  return new DatabaseUnavailableError(`The database is not available: ${error.message}`, { cause: error });
}
