import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('what the database says of a row that it refused stays out of the log: it quotes the row', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => void lines.push(line) });
  const error = new Error('new row for relation "message" violates a check');
  logger.error({ err: Object.assign(error, { detail: 'Failing row contains (Merger with Globex, …).', where: 'Merger', code: '23514' }) });
  expect(lines.join('')).toContain('23514');
  expect(lines.join('')).not.toContain('Merger');
});
