import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NotDone, UsageError } from './failure.ts';
import { takeStream } from './take-stream.ts';

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
