import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NotDone, UsageError } from './failure.ts';
import { progressWords, takeStream } from './take-stream.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'signet-take-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** An answer that comes in these pieces, and breaks after them where it does. */
function answerOf(pieces: readonly string[], breaks = false): Response {
  const left = [...pieces];
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = left.shift();
        if (next !== undefined) controller.enqueue(new TextEncoder().encode(next));
        else if (breaks) controller.error(new TypeError('terminated'));
        else controller.close();
      },
    }),
  );
}

test('a file has its name once it is whole, and nobody else may read it', async () => {
  const file = join(await folder(), 'trail.ndjson');
  await takeStream(answerOf(['a\n', 'b\n']), file);
  expect(await readFile(file, 'utf8')).toBe('a\nb\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('what breaks off leaves the file as it was, nothing of the new one, and says so', async () => {
  const made = await folder();
  const file = join(made, 'trail.ndjson');
  await writeFile(file, 'yesterday\n');
  await expect(takeStream(answerOf(['a\n'], true), file)).rejects.toThrow(NotDone);
  expect([await readdir(made), await readFile(file, 'utf8')]).toEqual([['trail.ndjson'], 'yesterday\n']);
});

test('where no file can be written that is said before anything is read', async () => {
  const made = await folder();
  await expect(takeStream(answerOf([]), made)).rejects.toThrow(UsageError);
  await expect(takeStream(answerOf([]), join(made, 'none', 'trail'))).rejects.toThrow(UsageError);
});

test('how far an export has come is told in bytes, and in parts of the log where its size is known, never beyond the whole', () => {
  const bytes = 3.5 * 1024 * 1024;
  expect(progressWords({ bytes, lines: 0, size: 0 })).toBe('3 MiB');
  expect(progressWords({ bytes, lines: 1_999, size: 4_000 })).toBe('3 MiB, 49 % of 4000 entries');
  expect(progressWords({ bytes, lines: 4_001, size: 4_000 })).toBe('3 MiB, 100 % of 4000 entries');
});

test('an export on a terminal tells how much of the log has come, whatever pieces it comes in', async () => {
  const { isTTY } = process.stderr;
  const said: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.isTTY = true;
  process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
  onTestFinished(() => void Object.assign(process.stderr, { isTTY, write }));
  const line = `${'x'.repeat(700_000)}\n`;
  const answer = answerOf([line.slice(0, 9), line.slice(9), line, line, line]);
  answer.headers.set('x-signet-log-size', '4');
  await takeStream(answer, join(await folder(), 'trail.ndjson'), { isWholeLog: true });
  expect(said).toEqual(['\r1 MiB, 50 % of 4 entries', '\r2 MiB, 100 % of 4 entries', '\n']);
});
