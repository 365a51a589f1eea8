import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What Node writes with --cpu-prof, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const shown = 20;

/** For each profile of a process that is known by name: where its time went, by package and by function, idle time left out. */
export function describeProfiles(folder: string, names: ReadonlyMap<number, string>): string {
  return readdirSync(folder)
    .flatMap((file) => {
      // CPU.<day>.<time>.<process>.<thread>.<number>.cpuprofile
      const [, , , pid, thread] = file.split('.');
      const name = names.get(Number(pid));
      if (name === undefined) return [];
      const profile: CpuProfile = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      return [`${name}, thread ${thread} (${file})`, ...describe(profile)];
    })
    .join('\n');
}

function describe({ nodes, samples, timeDeltas }: CpuProfile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byPackage = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const time = timeDeltas[index] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    busy += time;
    const place = placeOf(frame.url);
    byPackage.set(place, (byPackage.get(place) ?? 0) + time);
    const name = `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + time);
  }
  const lines = (times: Map<string, number>) =>
    [...times]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, shown)
      .map(([name, time]) => `    ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`);
  return [`  busy ${(busy / 1e6).toFixed(1)} s; by package:`, ...lines(byPackage), '  by function (self):', ...lines(byFunction)];
}

/** The package that a script belongs to, ours by app or package. */
function placeOf(url: string): string {
  if (url === '') return '(native)';
  if (url.startsWith('node:')) return url;
  const dependency = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return dependency ?? /\/((?:apps|packages)\/[^/]+)\//.exec(url)?.[1] ?? url;
}
