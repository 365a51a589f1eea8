// Plain JavaScript for any Node ≥ 20: what `npm start`, `npm test` and `npm run signet` have in common.
import { spawn } from 'node:child_process';
import { startedByNpm } from './env.mjs';
import { StartError, checkPlatform, install, root, signetNode } from './install.mjs';

/**
 * Checks, installs, then runs `script` under Signet's own Node and ends with its exit code. The script has a channel to this process,
 * which closes when this process is killed: the sign to stop.
 * @param {string} script its path; a relative one starts at `cwd`
 * @param {{ nodeOptions?: readonly string[], cwd?: string }} options options of Node, and where the script runs: in the root of the clone
 */
export async function handOver(script, { nodeOptions = [], cwd = root } = {}) {
  // Ctrl-C reaches the whole process group: the script stops everything, and this process waits for it.
  let child;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (child === undefined) process.exit(130);
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  try {
    checkPlatform();
    await install((line) => console.error(line));
    child = spawn(signetNode(), [...nodeOptions, script, ...process.argv.slice(2)], {
      cwd,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  if (startedByNpm) stopWithParent(child);
  child.once('error', (error) => {
    console.error(`${signetNode()} cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
}

/** npm killed outright passes no signal on; a process that lost its parent has another parent. */
function stopWithParent(child) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
}
