/** A PostgreSQL server for tests that is there already (superuser, any database); undefined: each run starts its own. */
export function testDatabaseServerUrl(): string | undefined {
  return process.env['TEST_DATABASE_SERVER_URL'] || undefined;
}
