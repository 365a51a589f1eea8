/** Starts PostgreSQL in a folder, prints who it believes to be and its process id, then stops it, or waits to be killed. */
import { Client } from 'pg';
import { freePort } from '../ports.ts';
import { startPostgres } from '../postgres.ts';

const [folder, mode] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: try-postgres.ts <folder> [hold]');
const server = await startPostgres({ folder, port: await freePort(), password: 'only for this test' });
const client = new Client({ connectionString: server.url });
await client.connect();
const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
await client.end();
console.log(JSON.stringify({ uid: process.getuid?.(), version: rows[0]?.version, pid: server.pid }));
if (mode === 'hold') await new Promise((resolve) => setTimeout(resolve, 60_000));
await server.stop();
