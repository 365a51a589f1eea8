import { routes } from '@signet/api-contract/routes';
import { apiFor } from '../../../api/api-client.ts';

export const dynamic = 'force-dynamic';

/** The portal can do its work: the api answers. Whether the api's own needs are met is the api's readiness. */
export async function GET(): Promise<Response> {
  const api = await isThere();
  const status = api ? 'ok' : 'unavailable';
  return Response.json({ status, checks: { api: status } }, { status: api ? 200 : 503, headers: { 'Cache-Control': 'no-store' } });
}

async function isThere(): Promise<boolean> {
  try {
    await apiFor(new Headers()).call(routes.getLiveness, {}, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}
