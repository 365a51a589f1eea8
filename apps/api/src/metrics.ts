import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What the process counts. Labels are route patterns and statuses, never paths: a path may hold a link's token. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    name: 'signet_http_request_duration_seconds',
    help: 'Time from a request’s arrival to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }
}
