import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Registry } from 'prom-client';
import { readinessOf, type ReadinessCheck } from './readiness.ts';

/** Serves health and metrics to operators, on a port of its own. */
export class OperationsServer {
  readonly #server: Server;
  readonly #address: { host: string; port: number };
  readonly #registry: Registry;
  readonly #checks: readonly ReadinessCheck[];

  constructor(address: { host: string; port: number }, registry: Registry, checks: readonly ReadinessCheck[]) {
    this.#address = address;
    this.#registry = registry;
    this.#checks = checks;
    this.#server = createServer((request, response) => {
      this.#answer(request.method, request.url, response).catch(() => response.destroy());
    });
  }

  /** @returns the port it listens on. @throws when the port is taken. */
  async start(): Promise<number> {
    this.#server.listen(this.#address.port, this.#address.host);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : this.#address.port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(method: string | undefined, path: string | undefined, response: ServerResponse): Promise<void> {
    if (method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    switch (path ?? '/') {
      case '/health/live':
        return sendJson(response, 200, { status: 'ok' });
      case '/health/ready': {
        const readiness = await readinessOf(this.#checks);
        return sendJson(response, readiness.status === 'ok' ? 200 : 503, readiness);
      }
      case '/metrics':
        return void response.writeHead(200, { 'content-type': this.#registry.contentType }).end(await this.#registry.metrics());
      default:
        return void response.writeHead(404).end();
    }
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
