import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../local/repository-root.ts';
import { runCommand } from './step.ts';
import type { CommandOptions, StepResult } from './step.ts';

/** Every package of the workspace with a test script, as folders from the root; the end-to-end journeys come last. */
export function suites(): string[] {
  const groups = ['packages', 'apps'].flatMap((group) => readdirSync(join(repositoryRoot, group)).map((name) => join(group, name)));
  return [...groups.toSorted(), 'infra', 'e2e'].filter((folder) => existsSync(join(repositoryRoot, folder, 'package.json')));
}

/**
 * Runs one package's tests and counts them. Nothing passes quietly: no tests, a skipped one, one that passed only on a second try, or a
 * runner that failed although every test passed are failures.
 */
export async function runSuite(folder: string, options: CommandOptions): Promise<StepResult> {
  const work = mkdtempSync(join(tmpdir(), 'signet-report-'));
  const report = join(work, 'report.json');
  const cwd = join(repositoryRoot, folder);
  const command = testCommand(cwd, report);
  try {
    if (command === undefined)
      return { passed: 0, failed: 1, output: `${folder}/package.json has no test script that is understood here.` };
    const env = { ...options.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const { code, output } = await runCommand(command, { ...options, cwd, env });
    const text = existsSync(report) ? readFileSync(report, 'utf8') : '{}';
    return judge(countTests(JSON.parse(text)), code, output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function testCommand(cwd: string, report: string): [string, ...string[]] | undefined {
  const manifest: unknown = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  const scripts = field(manifest, 'scripts');
  const script = field(scripts, 'test');
  const program = typeof script === 'string' ? script.split(' ')[0] : undefined;
  const path = join(cwd, 'node_modules/.bin', program ?? '');
  if (program === 'vitest') return [path, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  if (program === 'playwright') return [path, 'test', '--reporter=list,json'];
  return undefined;
}

interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Reads the JSON report of Vitest (numPassedTests …) or of Playwright (stats.expected …). */
export function countTests(report: unknown): TestCount {
  const stats = field(report, 'stats');
  if (stats === undefined) {
    return {
      passed: numberOf(report, 'numPassedTests'),
      failed: numberOf(report, 'numFailedTests'),
      skipped: numberOf(report, 'numPendingTests') + numberOf(report, 'numTodoTests'),
    };
  }
  return {
    passed: numberOf(stats, 'expected'),
    failed: numberOf(stats, 'unexpected') + numberOf(stats, 'flaky'),
    skipped: numberOf(stats, 'skipped'),
  };
}

/** The result of a suite from its counts and the exit code of its runner. */
export function judge(count: TestCount, code: number, output: string): StepResult {
  if (count.failed > 0) return { passed: count.passed, failed: count.failed + count.skipped, output };
  if (count.skipped > 0) return { passed: count.passed, failed: count.skipped, output: `${output}\n${count.skipped} tests were skipped.` };
  if (code !== 0) return { passed: count.passed, failed: 1, output: `${output}\nThe test runner ended with exit code ${code}.` };
  if (count.passed === 0) return { passed: 0, failed: 1, output: `${output}\nNo test ran.` };
  return { passed: count.passed, failed: 0, output };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function numberOf(value: unknown, name: string): number {
  const found = field(value, name);
  return typeof found === 'number' ? found : 0;
}
