import { connect } from 'node:net';

/** Asks once over a connection of its own. @returns every byte that came back until the connection ended, however it ended. */
export function rawAnswer(url: string, method: 'GET' | 'POST', headers: Readonly<Record<string, string>>): Promise<Buffer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const lines = Object.entries({ ...headers, host, connection: 'close', 'content-length': '0' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    socket.write([`${method} ${pathname}${search} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  });
}
