import { readFileSync, readdirSync } from 'node:fs';

/** The kernel's clock ticks a second (USER_HZ), the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU that a process has used so far, all its threads together, in seconds. It says what something costs however busy the machine is. */
export function cpuSeconds(pid: number): number {
  const { ticks } = statOf(pid);
  return ticks / ticksPerSecond;
}

/** The same of the processes that a process has started and not yet outlived: PostgreSQL's, one a connection. */
export function cpuSecondsOfChildren(pid: number): number {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return statOf(Number(name));
      } catch {
        // It has ended since the folder was read.
        return { parent: 0, ticks: 0 };
      }
    })
    .filter(({ parent }) => parent === pid)
    .reduce((sum, child) => sum + child.ticks, 0);
  return ticks / ticksPerSecond;
}

/** Fields of /proc/<pid>/stat after the name, which may hold anything: state, parent, …, utime and stime (proc(5)). */
function statOf(pid: number): { parent: number; ticks: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) };
}
