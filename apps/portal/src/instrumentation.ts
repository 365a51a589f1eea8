import { env } from './env.ts';

/** Runs once, before the server takes its first request. Wrong settings stop the start. */
export async function register(): Promise<void> {
  // Next compiles this file for its edge runtime as well, in which nothing of ours runs; this very comparison keeps our code out of there.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { PORTAL_METRICS_HOST, PORTAL_METRICS_PORT } = env();
    const { recordPeerAddresses } = await import('./api/peer-address.ts');
    recordPeerAddresses();
    const { endInTime } = await import('./end-in-time.ts');
    endInTime();
    if (PORTAL_METRICS_PORT === undefined) return;
    const { serveMetrics } = await import('./metrics.ts');
    await serveMetrics(PORTAL_METRICS_HOST, PORTAL_METRICS_PORT);
  }
}
