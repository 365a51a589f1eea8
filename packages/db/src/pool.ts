import { Pool, type PoolConfig } from 'pg';

/**
 * A pool whose connections may end at any moment without ending the process. Node throws an `error` event that nobody listens to, and pg's
 * pool listens only to connections that are idle: not while it makes a new one ready, nor until whoever is given one has said more than
 * `await`. The next statement on such a connection fails, and says so to whoever asked for it.
 */
export function openPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}
