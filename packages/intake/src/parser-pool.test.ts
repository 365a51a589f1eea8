import { afterEach, expect, test } from 'vitest';
import { ParserPool } from './parser-pool.ts';
import type { ParseJob } from './parser-pool.ts';

const pools: ParserPool[] = [];
function newPool(options: ConstructorParameters<typeof ParserPool>[0]): ParserPool {
  const pool = new ParserPool(options);
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

async function* pieces(...list: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of list) yield Buffer.from(piece);
}

const header = Buffer.from('From: Team: Ann <a@x.example>, b@x.example;\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n');
const attachment = (name: string, content: string) => `--b\r\nContent-Type: text/csv; name=${name}\r\n\r\n${content}\r\n`;
const job = (changes: Partial<ParseJob> = {}): ParseJob => ({
  header,
  body: pieces('--b\r\n\r\nHello\r\n', attachment('a.csv', 'x'.repeat(300_000)), attachment('b.csv', '2'), '--b--\r\n'),
  onPart: () => Promise.resolve(),
  ...changes,
});

async function* lost(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('--b\r\n');
  throw new Error('source lost');
}

async function* hanging(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('--b\r\n');
  await new Promise(() => undefined);
}

test('parts come one after another, and those that nobody reads are skipped, with their size and hash known all the same', async () => {
  const outcome = await newPool({ size: 1 }).parse(job());
  expect(outcome).toMatchObject({
    kind: 'parsed',
    message: {
      from: [
        { name: 'Ann', address: 'a@x.example' },
        { name: '', address: 'b@x.example' },
      ],
      text: 'Hello',
      html: null,
      parts: [
        { kind: 'attachment', name: 'a.csv', size: 300_000 },
        { kind: 'attachment', name: 'b.csv', size: 1 },
      ],
    },
  });
});

test('many messages at once share few threads, and each gets its own answer', async () => {
  const pool = newPool({ size: 2 });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => pool.parse(job({ body: pieces(`--b\r\n\r\nmessage ${index}\r\n--b--\r\n`) }))),
  );
  expect(outcomes.map((outcome) => (outcome.kind === 'parsed' ? outcome.message.text : outcome.reason))).toEqual(
    Array.from({ length: 20 }, (_, index) => `message ${index}`),
  );
});

test('what the source or the receiver of a part throws is thrown on, and the next message is parsed', async () => {
  const pool = newPool({ size: 1 });
  await expect(pool.parse(job({ body: lost() }))).rejects.toThrow('source lost');
  await expect(pool.parse(job({ onPart: () => Promise.reject(new Error('storage lost')) }))).rejects.toThrow('storage lost');
  expect((await pool.parse(job())).kind).toBe('parsed');
});

test('a message with more parts than allowed, one that outgrows the memory of a thread, and a source that hangs are original only', async () => {
  const parts = attachment('a.csv', 'x').repeat(1_200);
  expect(await newPool({ size: 1 }).parse(job({ body: pieces(parts, '--b--\r\n') }))).toEqual({ kind: 'originalOnly', reason: 'parts' });
  const html = Buffer.from('Content-Type: text/html\r\n\r\n');
  const hungry = newPool({ size: 1, limits: { workerMebibytes: 24 } });
  const body = () => pieces(...Array.from({ length: 40 }, () => '<b>x</b>'.repeat(100_000)));
  expect(await hungry.parse(job({ header: html, body: body() }))).toEqual({ kind: 'originalOnly', reason: 'memory' });
  const hasty = newPool({ size: 1, limits: { milliseconds: 300 } });
  expect(await hasty.parse(job({ body: hanging() }))).toEqual({ kind: 'originalOnly', reason: 'time' });
}, 30_000);
