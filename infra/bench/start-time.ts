import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { portDefaults } from '../local/env.ts';
import { freePort } from '../local/ports.ts';
import { signalGroup } from '../local/processes.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import { shellEnvironment } from './env.ts';
import { median } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';

const secondsAboveInstall = 60;
const secondStartGoal = 10;

/**
 * P12: `npm start` in a fresh clone of HEAD until it says that it is ready, and again after it was stopped; beside it the installation of
 * packages alone, in another fresh clone. The home folder is the user's own, so both find the same package store.
 */
export async function measureStart(bench: Bench): Promise<Measurement[]> {
  const installs: number[] = [];
  const firsts: number[] = [];
  const seconds: number[] = [];
  for (let round = 0; round < (bench.quick ? 1 : bench.repetitions); round += 1) {
    const clone = cloneInto(join(bench.folder, `install-${round}`));
    installs.push(await installAlone(bench, clone));
    rmSync(clone, { recursive: true, force: true });
    const started = cloneInto(join(bench.folder, `start-${round}`));
    firsts.push(await startToReady(bench, started));
    seconds.push(await startToReady(bench, started));
    rmSync(started, { recursive: true, force: true });
    bench.say(
      `  install ${installs.at(-1)?.toFixed(1)} s, first start ${firsts.at(-1)?.toFixed(1)} s, second ${seconds.at(-1)?.toFixed(1)} s`,
    );
  }
  const install = { what: 'installation of packages alone, s', median: median(installs), runs: installs };
  return [
    {
      row: 'P12',
      what: 'npm start in a fresh clone, until ready',
      unit: 's',
      ours: median(firsts),
      runs: firsts,
      reference: install,
      goal: { words: `≤ installation + ${secondsAboveInstall} s`, met: median(firsts) - install.median <= secondsAboveInstall },
      notes: [
        `${(median(firsts) - install.median).toFixed(1)} s above the installation. The package store of this user's home was warm for both; no build cache was there.`,
      ],
    },
    {
      row: 'P12',
      what: 'second npm start, until ready',
      unit: 's',
      ours: median(seconds),
      runs: seconds,
      reference: null,
      goal: { words: `≤ ${secondStartGoal} s`, met: median(seconds) <= secondStartGoal },
      notes: [],
    },
  ];
}

function cloneInto(folder: string): string {
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', repositoryRoot, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The repository could not be cloned: ${stderr}`);
  return folder;
}

async function installAlone({ guard }: Bench, clone: string): Promise<number> {
  const manifest: { packageManager: string } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
  const args = ['-y', manifest.packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'];
  const begin = performance.now();
  const child = spawn('npx', args, { cwd: clone, env: { ...shellEnvironment(), CI: 'true' }, detached: true, stdio: 'ignore' });
  if (child.pid !== undefined) guard.watch(child.pid, 'SIGTERM');
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (child.pid !== undefined) guard.forget(child.pid);
  if (code !== 0) throw new Error(`The installation failed (exit code ${code}).`);
  return (performance.now() - begin) / 1_000;
}

/** Starts, waits for the words, stops as Ctrl-C does. @returns seconds until ready */
async function startToReady({ guard }: Bench, clone: string): Promise<number> {
  const env: NodeJS.ProcessEnv = { ...shellEnvironment(), SIGNET_HOME: join(clone, '.signet') };
  for (const name of Object.keys(portDefaults)) env[name] = String(await freePort());
  const begin = performance.now();
  const child = spawn('npm', ['start', '--silent'], { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('npm cannot be run.');
  guard.watch(pid, 'SIGINT');
  const ended = once(child, 'exit');
  let output = '';
  const ready = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Signet is ready')) resolve((performance.now() - begin) / 1_000);
      });
    }
  });
  const taken = await Promise.race([ready, ended.then(() => undefined)]);
  if (taken !== undefined) {
    signalGroup(pid, 'SIGINT');
    await ended;
  }
  guard.forget(pid);
  if (taken === undefined) throw new Error(`npm start ended before it was ready:\n${output.slice(-2_000)}`);
  return taken;
}
