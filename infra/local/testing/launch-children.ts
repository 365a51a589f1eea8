/**
 * A launcher to be killed by a test: starts two children under the guard, one of which ignores SIGTERM, and prints all process ids.
 * The number of its guard, should that be another one later, is in the file `guard`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../children.ts';
import { startGuard } from '../processes.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: launch-children.ts <folder for logs>');
const guard = startGuard((pid) => writeFileSync(join(folder, 'guard'), String(pid)));
const start = (name: string, script: string) =>
  startChild({ name, command: [process.execPath, '-e', script], env: {}, logFile: join(folder, `${name}.log`), guard });
const obedient = start('obedient', 'setInterval(() => {}, 1000)');
const stubborn = start('stubborn', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`);
console.log(JSON.stringify([obedient.pid, stubborn.pid, guard.pid]));
setInterval(() => undefined, 1_000);
