import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { repositoryRoot } from '../local/repository-root.ts';

/** What a run ran on; without names of machines or people. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly commit: string;
  /** Of the last minute, when the run began: what else the machine was doing. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes';
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${process.arch}`,
    node: process.version,
    commit: git('rev-parse', '--short', 'HEAD') + changed,
    loadAverage: loadAverage(),
  };
}

function git(...args: string[]): string {
  return spawnSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' }).stdout.trim();
}

/** The load average of the last minute. */
export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}
