// Exits with 0 if the URL answers 200 to 299: `node check-health.mjs http://127.0.0.1:9464/health/live`.
try {
  const { ok } = await fetch(process.argv[2] ?? '', { redirect: 'manual', signal: AbortSignal.timeout(4_000) });
  process.exit(ok ? 0 : 1);
} catch {
  process.exit(1);
}
