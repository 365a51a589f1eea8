import { Query, type ClientBase, type Connection, type QueryConfig } from 'pg';

/** What statements may see: the rows of the organization with this id, or those of all of them. */
export type Visibility = string;

/** Says explicitly that a statement serves all organizations. An organization's id is a UUID, and never this. */
export const EVERY_ORGANIZATION: Visibility = 'every';

/** PostgreSQL's setting that the policies of the tenant tables read (decision 0007). */
const SETTING = 'signet.organization_id';

/**
 * Says it until the end of the transaction, and no longer. Each connection prepares it before anything else. Its one row has no
 * columns, so that pg reads it without a description.
 */
export const visibilityStatement = { name: 'signet_visibility', text: `select from set_config('${SETTING}', $1, true)` };

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @throws {TypeError} when an id is no UUID: it would stand in SQL. */
export function visibilityOf(organizationId: string): Visibility {
  if (!UUID.test(organizationId)) throw new TypeError('The id of an organization must be a UUID');
  return organizationId;
}

/** Begins a transaction that sees this, in one message. */
export function beginWith(visibility: Visibility): string {
  return `begin; set local ${SETTING} = '${visibility}'`;
}

/**
 * A query that says first what it may see. What it needs is set while it is made, and `submit` is a method, not a function of each query: where one
 * was set afterwards, V8 kept all queries and their rows each time it looked at new objects only (decision 0032).
 */
class ScopedQuery<R extends object> extends Query<R> {
  /** Why pg sent nothing of the statement. */
  unsent: Error | null = null;
  readonly visibility: Visibility;

  constructor(config: QueryConfig, visibility: Visibility, callback: (error: Error | undefined) => void) {
    super(config, callback);
    this.visibility = visibility;
  }
}

const { submit } = Query.prototype;

// To pg's types `submit` is a property of each query, which no method can override.
ScopedQuery.prototype.submit = function submitScoped(this: ScopedQuery<object>, connection: Connection) {
  connection.stream.cork();
  try {
    connection.bind({ statement: visibilityStatement.name, values: [this.visibility] }, true);
    connection.execute({}, true);
    // pg returns why it sends nothing. The setting is under way then: it ends here, and the answer is awaited as ever.
    const fault: unknown = submit.call(this, connection);
    if (fault instanceof Error) {
      this.unsent = fault;
      connection.sync();
    }
  } finally {
    connection.stream.uncork();
  }
};

/**
 * Runs one statement, in a transaction of its own, that sees no more than this. The setting travels in front of the statement
 * in the same messages, so that it costs no round trip; both are one transaction up to the `Sync` that pg sends last, so
 * that the connection forgets the setting with the statement, whatever becomes of it: nobody inherits it.
 */
export function runScoped<R extends object>(
  client: ClientBase,
  visibility: Visibility,
  statement: { readonly name: string | undefined; readonly text: string; readonly values: readonly unknown[] },
): Promise<R[]> {
  return new Promise((resolve, reject) => {
    const rows: R[] = [];
    // Always the extended protocol: a simple query is a transaction of its own.
    const config = { ...statement, values: [...statement.values], queryMode: 'extended' };
    const whenDone = (error: Error | undefined) => {
      const failure = error ?? query.unsent;
      if (failure) reject(failure);
      // The first row is the setting's.
      else resolve(rows.slice(1));
    };
    const query = new ScopedQuery<R>(config, visibility, whenDone);
    query.on('row', (row) => rows.push(row));
    client.query(query);
  });
}
