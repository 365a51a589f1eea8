import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from './signet.ts';

/** A web server that nobody should ever come to. */
export interface Trap {
  readonly port: number;
  /** Connections and requests so far. */
  readonly visits: string[];
  readonly close: () => Promise<void>;
}

/** Opens one on 127.0.0.1. What does not speak HTTP, TLS for one, is a visit all the same. */
export async function openTrap(): Promise<Trap> {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(`${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''}`);
    response.end();
  });
  server.on('connection', () => visits.push('connection'));
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { port: portOf(server), visits, close };
}
