import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { supervise } from './supervise.ts';

/** A part whose every start goes as it is told: ready until its end is called, or not ready with these words. */
function scripted(starts: readonly ('ready' | Error)[]) {
  const ends: ((how: string) => void)[] = [];
  let begun = 0;
  const start = async () => {
    const fate = starts[begun] ?? 'ready';
    begun += 1;
    if (fate !== 'ready') throw fate;
    return { ended: new Promise<string>((resolve) => void ends.push(resolve)) };
  };
  return { part: { name: 'worker', start }, ends, begun: () => begun };
}

function supervision() {
  const said: string[] = [];
  const givenUp: string[] = [];
  const stopping = new AbortController();
  const options = {
    say: (line: string) => void said.push(line),
    onGiveUp: (trouble: string) => void givenUp.push(trouble),
    signal: stopping.signal,
    firstPause: 1,
  };
  return { said, givenUp, stopping, options };
}

test('a part that ends by itself is started again, through starts that fail, and each step is said', async () => {
  const { part, ends } = scripted(['ready', new Error('the database recovers'), 'ready']);
  const { said, givenUp, options } = supervision();
  await supervise(part, options);
  ends[0]?.('SIGKILL');
  await expect.poll(() => said).toEqual(['worker ended (SIGKILL) and is started again', 'worker is ready again']);
  ends[1]?.('exit code 1');
  await expect.poll(() => said.length).toBe(4);
  expect(givenUp).toEqual([]);
});

test('a part that does not become ready again is given up, with the last trouble', async () => {
  const { part, ends, begun } = scripted(['ready', ...Array.from({ length: 20 }, (_, index) => new Error(`no. ${index}`))]);
  const { givenUp, options } = supervision();
  await supervise(part, options);
  ends[0]?.('SIGKILL');
  await expect.poll(() => givenUp, { timeout: 5_000 }).toEqual(['worker does not become ready again. no. 9']);
  expect(begun()).toBe(11);
});

test('a part that is stopped on purpose is not started again, neither at its end nor out of a pause', async () => {
  const { part, ends, begun } = scripted([]);
  const { said, stopping, options } = supervision();
  await supervise(part, { ...options, firstPause: 30 });
  ends[0]?.('SIGKILL');
  await expect.poll(() => said).toHaveLength(1);
  stopping.abort();
  await sleep(60);
  expect(begun()).toBe(1);
});

test('a first start that fails is the caller’s to tell', async () => {
  const { part } = scripted([new Error('a port is taken')]);
  await expect(supervise(part, supervision().options)).rejects.toThrow('a port is taken');
});
