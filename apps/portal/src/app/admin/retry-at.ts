import type { ApiProblem } from '@signet/api-contract/client';

/** When trying again makes sense, as `too_many_requests` says; RFC 3339 in UTC. */
export function retryAtOf({ problem }: ApiProblem): string {
  return new Date(Date.now() + (problem.retryAfterSeconds ?? 60) * 1000).toISOString();
}
