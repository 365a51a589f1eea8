import { createServer } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Serves the process's figures (memory, event loop, garbage collection) for Prometheus at `/metrics` on a port of their own. */
export function serveMetrics(host: string, port: number): Promise<void> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  // The portal's own server keeps the process alive, and ends it.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
