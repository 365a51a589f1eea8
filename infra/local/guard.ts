/**
 * The guard: a small process that outlives the one that started it, however that one dies, and ends what it was told to watch.
 *
 * Its standard input is a pipe from its parent, which writes one command a line: `watch <pid> <signal>` and `forget <pid>`. When the
 * pipe closes (the parent ended or was killed), the guard sends each watched process group its signal, waits, and kills what is left.
 */
import { createInterface } from 'node:readline';
import { isRunning, signalGroup } from './processes.ts';

const graceMilliseconds = 8_000;
const watched = new Map<number, NodeJS.Signals>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [command, pid, signal] = line.split(' ');
  if (command === 'watch') watched.set(Number(pid), signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  if (command === 'forget') watched.delete(Number(pid));
}

// In the order opposite to their start: what serves others (the database) ends last.
const left = [...watched.entries()].toReversed();
for (const [pid, signal] of left) signalGroup(pid, signal);
const deadline = Date.now() + graceMilliseconds;
while (left.some(([pid]) => isRunning(pid)) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
for (const [pid] of left) signalGroup(pid, 'SIGKILL');
