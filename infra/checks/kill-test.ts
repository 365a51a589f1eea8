/** `npm run kill-test`, once packages are installed: the kill test of the journeys alone, with a hundred rounds where ROUNDS says nothing else. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../local/repository-root.ts';
import { environment } from './env.ts';
import { bringTools } from './tools.ts';

const { paths, missing } = bringTools();
if (paths.redis === undefined) {
  console.error(missing.join('\n'));
  process.exit(2);
}
const e2e = join(repositoryRoot, 'e2e');
const args = ['test', 'kill.test.ts', '--project', 'queue in PostgreSQL'];
const child = spawn(join(e2e, 'node_modules/.bin/playwright'), args, {
  cwd: e2e,
  env: { ROUNDS: '100', ...environment.all, REDIS_SERVER_BIN: paths.redis },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => child.kill('SIGINT'));
child.once('exit', (code) => process.exit(code ?? 1));
