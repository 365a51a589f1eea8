import { expect, test } from 'vitest';
import { isRecordCsv, recordPieces, type RecordPiece } from './record-pieces.ts';

async function cut(file: string | readonly string[], characters: number): Promise<RecordPiece[]> {
  const pieces: RecordPiece[] = [];
  for await (const piece of recordPieces(typeof file === 'string' ? [file] : file, characters)) pieces.push(piece);
  return pieces;
}

const told = async (file: string | readonly string[], characters: number) =>
  (await cut(file, characters)).map(({ text, report, lineOf }) => ({ text, report, first: lineOf(1) }));
const piecesOf = async (file: string, characters: number) =>
  (await cut(file, characters)).map(({ text, lineOf }) => ({ text, first: lineOf(1), second: lineOf(2), third: lineOf(3) }));

test('NDJSON is cut between its lines, and a line of a piece is known in the file', async () => {
  expect(await piecesOf('\u{feff}{"a":1}\n{"b":2}\n{"c":3}', 10)).toEqual([
    { text: '{"a":1}\n{"b":2}\n', first: 1, second: 2, third: 3 },
    { text: '{"c":3}\n', first: 3, second: 4, third: 5 },
  ]);
  expect((await piecesOf('{"a":1}\r\n', 100)).map(({ text }) => text)).toEqual(['{"a":1}\r\n']);
});

test('CSV is cut between its rows, whose cells may hold ends of lines, and each piece has the head', async () => {
  const head = '#TYPE X\r\n"A","AuditData"\r\n';
  const file = `${head}"two\r\nlines","{""a"":1}"\r\n"x","{""b"":2}"\r\n`;
  const [first, second] = await cut(file, 5);
  expect(first?.text).toBe(`${head}"two\r\nlines","{""a"":1}"\r\n`);
  expect(first?.lineOf(3)).toBe(3);
  expect(second?.text).toBe(`${head}"x","{""b"":2}"\r\n`);
  expect(second?.lineOf(3)).toBe(5);
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
  const [bare] = pieces.flatMap(({ report, lineOf }) => (report ? [{ report, lineOf }] : []));
  expect(pieces[0]?.report).toBeNull();
  expect(bare?.report.refused).toBe(20);
  expect(bare?.report.refusals.map(({ line, reason }) => [bare.lineOf(line), reason]).slice(0, 2)).toEqual([
    [22, 'is not JSON'],
    [23, 'is not JSON'],
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
  expect(await piecesOf('', 5)).toHaveLength(1);
  expect((await piecesOf('a,b\n', 5)).map(({ text }) => text)).toEqual(['a,b\n']);
  expect((await piecesOf('"AuditData"\n', 5)).map(({ text }) => text)).toEqual(['"AuditData"\n']);
});

test('however a file is cut while it is read, its pieces are the same', async () => {
  const files = [
    '\u{feff}{"a":1}\n{"b":2}\r\n\nno record\n{"c":3}',
    '#TYPE X\r\n"A","AuditData"\r\n"two\r\nlines","{""a"":1}"\r\n"x","{""b"":2}"\r\n',
    'no record\n'.repeat(4),
  ];
  for (const file of files)
    for (const characters of [1, 10, 1_000]) expect(await told(file.split(''), characters)).toEqual(await told(file, characters));
});
