import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { createTestOrganization } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);

/** Sends a request as bytes, since no client would. */
function send(lines: readonly string[]): Promise<string> {
  const { port, hostname } = new URL(api.url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''));
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  });
}

const FORGED = '{"level":30,"app":"api","msg":"forged"}';

test.each([
  ['U+2028', '\u2028'],
  ['U+2029', '\u2029'],
  ['NEL', '\u0085'],
  ['ANSI', '\u001b[2K\u001b[1A'],
  ['LF', '\n'],
  ['CR', '\r'],
])('%s in an agent, a path, a query or a header makes no line of the log', async (_, lineBreak) => {
  const own = ['host: api', 'connection: close', `authorization: Bearer ${acme.apiKey}`];
  const encoded = encodeURIComponent(`${lineBreak}${FORGED}`);
  const answers = await Promise.all([
    send(['GET /v1/messages HTTP/1.1', ...own, `user-agent: Mozilla${lineBreak}${FORGED}`]),
    send([`GET /v1/messages?subject=${encoded} HTTP/1.1`, ...own]),
    send([`GET /v1/messages/${encoded} HTTP/1.1`, ...own]),
    send([
      `GET /v1/links/${encoded} HTTP/1.1`,
      'host: api',
      'connection: close',
      ...Object.entries(api.portalHeaders()).map(([name, value]) => `${name}: ${value}`),
    ]),
    send([`GET /${encoded} HTTP/1.1`, ...own, `x-request-id: ${lineBreak}${FORGED}`]),
  ]);
  expect(answers.map((answer) => /^HTTP\/1\.1 [2345]/.test(answer))).toEqual(answers.map(() => true));
  expect(api.logLines.length).toBeGreaterThan(0);
  const forged = api.logLines.filter((line) => {
    const record: unknown = JSON.parse(line);
    return typeof record !== 'object' || line.indexOf('\n') !== line.length - 1 || /forged|[\p{Cc}\u2028\u2029]/u.test(line.slice(0, -1));
  });
  expect(forged).toEqual([]);
});
