import type { FastifyRequest } from 'fastify';
import type { Caller } from '../authentication/caller.ts';

/** A request on its way through the api; `caller` is there once the guard has let it pass. */
export interface ApiRequest extends FastifyRequest {
  caller?: Caller;
}
