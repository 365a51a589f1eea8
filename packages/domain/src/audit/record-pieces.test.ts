import { expect, test } from 'vitest';
import { isRecordCsv, recordPieces, type RecordPiece } from './record-pieces.ts';

async function cut(file: string | readonly string[], characters: number): Promise<RecordPiece[]> {
  const pieces: RecordPiece[] = [];
  for await (const piece of recordPieces(typeof file === 'string' ? [file] : file, characters)) pieces.push(piece);
  return pieces;
}

const told = async (file: string | readonly string[], characters: number) =>
  (await cut(file, characters)).map(({ text, report, lineOffset }) => ({ text, report, lineOffset }));

test('NDJSON is cut between its lines, and a line of a piece is known in the file', async () => {
  expect(await told('{"a":1}\n{"b":2}\n{"c":3}', 10)).toEqual([
    { text: '{"a":1}\n{"b":2}\n', report: null, lineOffset: 0 },
    { text: '{"c":3}\n', report: null, lineOffset: 2 },
  ]);
  expect((await cut('{"a":1}\r\n', 100)).map(({ text }) => text)).toEqual(['{"a":1}\r\n']);
});

test('CSV is cut between its rows, whose cells may hold ends of lines, and each piece has the head', async () => {
  const head = '#TYPE X\r\n"A","AuditData"\r\n';
  const file = `${head}"two\r\nlines","{""a"":1}"\r\n"x","{""b"":2}"\r\n`;
  const [first, second] = await cut(file, 5);
  expect(first?.text).toBe(`${head}"two\r\nlines","{""a"":1}"\r\n`);
  expect(first?.lineOffset).toBe(0);
  expect(second?.text).toBe(`${head}"x","{""b"":2}"\r\n`);
  expect(second?.lineOffset).toBe(2);
});

test('what a file is its columns say: a line that is no record, at the beginning of a piece or of the file, is a line', async () => {
  const [first, second] = await cut('no record\n{"a":1}\nnull\n', 15);
  expect([first?.text, second?.text]).toEqual(['no record\n{"a":1}\n', 'null\n']);
  expect(['"A","AuditData"\r\n', 'AuditData', '#TYPE X\nA,AuditData\n'].map(isRecordCsv)).toEqual([true, true, true]);
  expect(['{"AuditData":"{}"}\n', 'a,b\n', ''].map(isRecordCsv)).toEqual([false, false, false]);
});

test('a piece of lines that are no records is refused line by line, since alone it would be taken for a file of the wrong kind', async () => {
  const junk = 'no record\n'.repeat(150);
  const pieces = await cut(`{"a":1}\n${junk}\n\n{"b":2}`, 200);
  const [bare] = pieces.flatMap(({ report }) => (report ? [report] : []));
  expect(pieces[0]?.report).toBeNull();
  expect(bare?.refused).toBe(20);
  expect(bare?.refusals.slice(0, 2)).toEqual([
    { line: 22, reason: 'is not JSON' },
    { line: 23, reason: 'is not JSON' },
  ]);
  expect(pieces.at(-1)).toMatchObject({ text: expect.stringContaining('{"b":2}'), report: null });
  const sent = pieces.filter(({ report }) => report === null).map(({ text }) => text);
  expect(sent.join('').match(/\{/g)).toHaveLength(2);
  expect((await cut(junk, 200)).every(({ report }) => report === null)).toBe(true);
  const [large] = await cut(`${junk}${junk}\n{"b":2}`, 3000);
  expect(large?.report).toMatchObject({ records: 300, accepted: 0, refused: 300 });
  expect(large?.report?.refusals).toHaveLength(100);
});

test('a quote that is never closed is read once', async () => {
  const lines = 'x\n'.repeat(300_000);
  expect(await cut(`"AuditData"\n"${lines}`, 10)).toHaveLength(1);
});

test('a file without records is one piece, for the API to say what is wrong with it', async () => {
  expect(await cut('', 5)).toHaveLength(1);
  expect((await cut('a,b\n', 5)).map(({ text }) => text)).toEqual(['a,b\n']);
  expect((await cut('"AuditData"\n', 5)).map(({ text }) => text)).toEqual(['"AuditData"\n']);
});

test('however a file is cut while it is read, its pieces are the same', async () => {
  const files = [
    '{"a":1}\n{"b":2}\r\n\nno record\n{"c":3}',
    '#TYPE X\r\n"A","AuditData"\r\n"two\r\nlines","{""a"":1}"\r\n"x","{""b"":2}"\r\n',
    'no record\n'.repeat(4),
  ];
  for (const file of files)
    for (const characters of [1, 10, 1_000]) expect(await told(file.split(''), characters)).toEqual(await told(file, characters));
});
