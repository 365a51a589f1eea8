/**
 * `pnpm bench [rows]`, once packages are installed: measures rows of the table of performance goals against real systems and real
 * references, prints a table and writes it as JSON. Ends with 1 where a row could not be measured; a goal that is missed is a result.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../local/build.ts';
import { startEnvironment } from '../local/env.ts';
import { startGuard } from '../local/processes.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import { measureAcceptance } from './accept-message.ts';
import { startBenchSignet } from './bench-signet.ts';
import { measureDownload } from './download-attachment.ts';
import { wholeEnvironment } from './env.ts';
import { measureExpiry } from './expire-messages.ts';
import { measureIngest } from './ingest-events.ts';
import { describeMachine, loadAverage } from './machine.ts';
import { measureMailRules } from './mail-rules.ts';
import type { Row } from './measurement.ts';
import { measureOpening } from './open-message.ts';
import { measurePageWeight } from './page-weight.ts';
import { describeProfiles } from './profile.ts';
import { tableOf } from './report.ts';
import type { Report, RowResult } from './report.ts';
import { measureManyRevocations } from './revoke-many.ts';
import { measureRevocation } from './revoke-message.ts';
import { measureScannerStorm } from './scanner-storm.ts';
import { measureSearch } from './search-trail.ts';
import { measureStart } from './start-time.ts';
import { measureVerification } from './verify-export.ts';

const rows: Readonly<Record<string, Row>> = {
  P1: measureIngest,
  P3: measureOpening,
  P4: measureAcceptance,
  P5: measureDownload,
  P6: measureSearch,
  P7: measureRevocation,
  P8: measureManyRevocations,
  P9: measureVerification,
  P10: measureScannerStorm,
  P11: measurePageWeight,
  P12: measureStart,
  P13: measureExpiry,
  P14: measureMailRules,
};

const say = (line: string) => process.stdout.write(`${line}\n`);
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    most: { type: 'string', default: '10000000' },
    profile: { type: 'boolean', default: false },
  },
});
/** P2 is measured with P1, at half of its rate. */
const asked = [...new Set(positionals.map((name) => (name === 'P2' ? 'P1' : name)))];
const unknown = asked.filter((name) => rows[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no row ${unknown.join(', ')}. There are: ${Object.keys(rows).join(', ')}`);
  process.exit(2);
}

const guard = startGuard();
const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
const end = async (code: number) => {
  await guard.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => void end(130));

const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
const results = join(repositoryRoot, 'bench-results');
mkdirSync(results, { recursive: true });
const machine = describeMachine();
let postgres = '';

async function measure(name: string, row: Row): Promise<RowResult> {
  const cleanups: (() => Promise<void> | void)[] = [];
  const ownFolder = join(folder, name);
  mkdirSync(ownFolder, { mode: 0o700 });
  const loadAverageBefore = loadAverage();
  say(`${name} (load average ${loadAverageBefore})`);
  const profiles = options.profile ? join(results, `${time}-profiles`) : undefined;
  const base = { ...startEnvironment().base, ...(profiles && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` }) };
  const names = new Map<number, string>();
  let result: RowResult;
  try {
    const measurements = await row({
      guard,
      folder: ownFolder,
      repetitions: 3,
      quick: options.quick,
      most: Number(options.most),
      say,
      startSignet: async (signetOptions) => {
        const signet = await startBenchSignet(join(ownFolder, 'signet'), base, guard, signetOptions);
        cleanups.push(() => signet.stop());
        postgres = signet.database.version;
        for (const app of ['api', 'worker', 'gateway', 'portal'] as const) names.set(signet.pidOf(app), `${name}-${app}`);
        return signet;
      },
      onEnd: (cleanup) => void cleanups.push(cleanup),
    });
    result = { row: name, measurements, failure: null, loadAverageBefore };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`  could not be measured: ${failure}`);
    result = { row: name, measurements: [], failure, loadAverageBefore };
  }
  for (const cleanup of cleanups.toReversed()) {
    try {
      await cleanup();
    } catch (error) {
      say(`  could not be cleared up: ${String(error)}`);
    }
  }
  if (profiles !== undefined) say(describeProfiles(profiles, names));
  rmSync(ownFolder, { recursive: true, force: true });
  return result;
}

const measured: RowResult[] = [];

function writeReport(): void {
  const manifest: { version: string; packageManager: string } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  const report: Report = {
    time,
    quick: options.quick,
    machine,
    postgres,
    versions: { signet: manifest.version, packageManager: manifest.packageManager },
    rows: measured,
  };
  writeFileSync(join(results, `${time}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

await build(wholeEnvironment, guard, say);
for (const name of asked.length > 0 ? asked : Object.keys(rows)) {
  const row = rows[name];
  if (row === undefined) continue;
  measured.push(await measure(name, row));
  // After every row: a long run that is broken off has what was measured so far.
  writeReport();
}

say('');
say(tableOf(measured));
say('');
for (const { measurements } of measured)
  for (const { row, what, notes } of measurements) for (const note of notes) say(`${row}, ${what}: ${note}`);
const { cpu, cores, memoryGiB, system, node, commit, loadAverage: load } = machine;
say('');
say(
  `${cores} × ${cpu}, ${memoryGiB} GiB, ${system}; Node ${node}, PostgreSQL ${postgres || 'not started'}; commit ${commit}; load average before ${load}`,
);
say('Client, reference, server and database share these cores. PostgreSQL with fsync and synchronous_commit, and the queue lies in it.');
if (options.quick) say('--quick: these figures mean nothing.');
await end(measured.some(({ failure }) => failure !== null) ? 1 : 0);
