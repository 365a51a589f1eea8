import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from '../local/repository-root.ts';
import { writeExportedLog } from './exported-log.ts';
import type { ExportedLog } from './exported-log.ts';
import { median, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';

/** P9: `signet log verify` of an exported log, the whole command; beside it SHA-256 of the same file. */
export async function measureVerification(bench: Bench): Promise<Measurement[]> {
  const entries = bench.quick ? 20_000 : 1_000_000;
  const file = join(bench.folder, 'log.ndjson');
  const checkpoint = join(bench.folder, 'checkpoint');
  const log = await writeExportedLog(file, entries);
  writeFileSync(checkpoint, log.checkpoint);
  bench.say(`  ${entries} entries in ${(log.bytes / 1e6).toFixed(0)} MB written`);
  await hashFile(file);
  const runs = await repeat(bench.repetitions, async () => {
    const run = { hash: entries / (await hashFile(file)), verify: entries / (await verify(file, checkpoint, log, entries)) };
    bench.say(`  entries/s: verified ${Math.round(run.verify)}, hashed ${Math.round(run.hash)}`);
    return run;
  });
  const verified = runs.map((run) => run.verify);
  const hashed = runs.map((run) => run.hash);
  return [
    {
      row: 'P9',
      what: `verify ${entries} exported entries offline`,
      unit: 'entries/s',
      ours: median(verified),
      runs: verified,
      reference: { what: 'SHA-256 of the same file in Node, entries/s', median: median(hashed), runs: hashed },
      goal: { words: '≥ 0.2', met: median(verified) / median(hashed) >= 0.2 },
      notes: [
        `${Math.round(log.bytes / entries)} bytes a line. The command from its start to its end; the file was just read, so that no disk is waited for. The log was made by the bench itself, with nothing of Signet.`,
      ],
    },
  ];
}

/** @returns seconds */
async function hashFile(file: string): Promise<number> {
  const begin = performance.now();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 })) hash.update(chunk);
  hash.digest();
  return (performance.now() - begin) / 1_000;
}

/** @returns seconds. @throws when the command does not say that the log is in order */
async function verify(file: string, checkpoint: string, { verifierKey }: ExportedLog, entries: number): Promise<number> {
  const begin = performance.now();
  const program = join(repositoryRoot, 'apps/cli/src/main.ts');
  const words = ['log', 'verify', '--entries', file, '--checkpoint', checkpoint, '--key', verifierKey, '--json'];
  const child = spawn(process.execPath, ['--conditions=@signet/source', program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const result: { ok?: boolean; entries?: number } = JSON.parse(output || '{}');
  if (result.ok !== true || result.entries !== entries) throw new Error(`The log is in order, and the command says ${output}`);
  return (performance.now() - begin) / 1_000;
}
