import type { Route } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import type { FastifyInstance } from 'fastify';
import { routerPathOf } from './endpoint.decorator.ts';

/**
 * Holds the server to the contract: each route has its handler. (Two handlers for one route the router itself refuses.)
 * @throws naming the routes without one.
 */
export function checkRoutes(server: FastifyInstance): void {
  const missing = Object.entries<Route>(routes).filter(([, route]) => !server.hasRoute({ method: route.method, url: routerPathOf(route) }));
  if (missing.length > 0) throw new Error(`These routes of the contract have no handler: ${missing.map(([name]) => name).join(', ')}`);
}
