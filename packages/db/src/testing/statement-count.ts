import { Client } from 'pg';

/** The statements that this process sends while `work` runs, in their order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const send: (...given: unknown[]) => unknown = Object.getOwnPropertyDescriptor(Client.prototype, 'query')?.value;
  const watch = function (this: unknown, ...given: unknown[]): unknown {
    if (typeof given[0] === 'string') statements.push(given[0]);
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
