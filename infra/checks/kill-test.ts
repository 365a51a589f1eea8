/**
 * `npm run kill-test` and `npm run crash-test`, once packages are installed: one of the journeys that kill parts of a running Signet, alone,
 * with more rounds than in `npm test` where ROUNDS says nothing else.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from '../local/build.ts';
import { startGuard } from '../local/processes.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import { environment } from './env.ts';
import { bringTools } from './tools.ts';

/** Rounds where ROUNDS says nothing else. */
const journeys = new Map([
  ['kill', '100'],
  ['crash', '300'],
]);
const [, , journey = 'kill'] = process.argv;
const rounds = journeys.get(journey);
if (rounds === undefined) {
  console.error(`There is no journey ${journey}: say ${[...journeys.keys()].join(' or ')}`);
  process.exit(1);
}

const { paths, missing } = bringTools();
if (paths.redis === undefined) {
  console.error(missing.join('\n'));
  process.exit(2);
}
const guard = startGuard();
let stop: () => void = () => void guard.close().then(() => process.exit(130));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => stop());

// The journey starts what was built, and its own code reads packages in their built form.
await build(environment.all, guard, (line) => console.log(line)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
await guard.close();

const e2e = join(repositoryRoot, 'e2e');
const args = ['test', `journeys/${journey}.test.ts`, '--project', 'queue in PostgreSQL'];
const child = spawn(join(e2e, 'node_modules/.bin/playwright'), args, {
  cwd: e2e,
  env: { ROUNDS: rounds, ...environment.all, REDIS_SERVER_BIN: paths.redis },
  stdio: 'inherit',
});
stop = () => void child.kill('SIGINT');
child.once('exit', (code) => process.exit(code ?? 1));
