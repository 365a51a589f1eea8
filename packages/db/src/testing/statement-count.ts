import { Client } from 'pg';

/** The statements that this process sends while `work` runs, in their order: for each one it waits once for the database. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const send: (...given: unknown[]) => unknown = Object.getOwnPropertyDescriptor(Client.prototype, 'query')?.value;
  const watch = function (this: unknown, ...given: unknown[]): unknown {
    const text = textOf(given[0]);
    if (text !== undefined) statements.push(text);
    return send.apply(this, given);
  };
  Object.defineProperty(Client.prototype, 'query', { value: watch, configurable: true, writable: true });
  try {
    await work();
  } finally {
    Object.defineProperty(Client.prototype, 'query', { value: send, configurable: true, writable: true });
  }
  return statements;
}

function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  return typeof given === 'object' && given !== null && 'text' in given ? String(given.text) : undefined;
}
