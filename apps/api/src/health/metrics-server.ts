import { createServer, type Server } from 'node:http';
import type { Metrics } from '../metrics.ts';
import type { ReadinessCheck } from './readiness.ts';

/** The port that operators look at: `/metrics` (Prometheus), `/health/live`, and `/health/ready` with the reasons. */
export async function startMetricsServer(
  { metrics, readiness }: { metrics: Metrics; readiness: ReadinessCheck },
  { host, port }: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/').then(
      ([status, type, body]) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(500).end(),
    );
  });

  async function answer(path: string): Promise<[number, string, string]> {
    switch (path) {
      case '/metrics':
        return [200, metrics.registry.contentType, await metrics.registry.metrics()];
      case '/health/live':
        return [200, 'application/json', '{"status":"ok"}'];
      case '/health/ready': {
        const found = await readiness.explain();
        return [found.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(found)];
      }
      default:
        return [404, 'text/plain', 'Not found\n'];
    }
  }

  await listen(server, host, port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The metrics server listens on no port');
  return {
    port: address.port,
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => done());
  });
}
