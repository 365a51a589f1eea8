// Plain JavaScript for any Node ≥ 20: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withVariables } from './env.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Node's major version that Signet runs on; package.json brings it for Linux. */
const nodeMajor = 24;

/** A failure whose message is meant for the person at the terminal. */
export class StartError extends Error {}

/** Refuses a Node that is too old to install with, and platforms that nothing was built for. */
export function checkPlatform() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    throw new StartError(`Node ${process.versions.node} is too old: Signet needs Node 20 or newer. See https://nodejs.org/en/download`);
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64', 'darwin-arm64'].includes(platform)) {
    throw new StartError(`Signet runs on Linux (x64, arm64) and macOS (arm64), not on ${platform}.`);
  }
  if (process.platform === 'darwin' && major < nodeMajor) {
    throw new StartError(
      `On macOS Signet needs Node ${nodeMajor} or newer, and this is ${process.versions.node}. Install it: brew install node@${nodeMajor}`,
    );
  }
}

/** The Node that runs Signet: the one that was installed with the packages, or, where there is none, the present one. */
export function signetNode() {
  const bundled = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  throw new StartError(
    `Signet needs Node ${nodeMajor} or newer, and this is ${process.versions.node}. Install it: https://nodejs.org/en/download`,
  );
}

/** What the installed packages depend on; another value means that they must be installed anew. */
function stateOfDependencies() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  const folders = [
    '',
    'infra',
    'e2e',
    ...['apps', 'packages'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name))),
  ];
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...folders.map((folder) => join(folder, 'package.json'))];
  for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * Installs the packages of the lockfile, unless that was done since they changed.
 * @param {(line: string) => void} say progress for people
 */
export async function install(say) {
  const stamp = join(root, 'node_modules', '.cache', 'signet-install');
  const state = stateOfDependencies();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  say('Installing packages');
  rmSync(stamp, { force: true });
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const code = await run('npx', ['-y', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], {
    CI: 'true',
  });
  if (code !== 0) throw new StartError(`The packages could not be installed (exit code ${code}). The lines above say why.`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** Runs a program in the root of the clone with this terminal; resolves to its exit code, 1 when a signal ended it. */
function run(program, args, variables) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 2, 2], env: withVariables(variables) });
    child.once('error', (error) =>
      fail(new StartError(`${program} cannot be run: ${error.message}. It comes with Node: is npm installed?`)),
    );
    child.once('close', (code) => done(code ?? 1));
  });
}
