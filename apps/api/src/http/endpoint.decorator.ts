import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { Route } from '@signet/api-contract/route';

/** Key of the metadata that names a handler's route of the contract. */
export const ROUTE = Symbol('route');

/**
 * Binds a controller's method to a route of the contract: path, method, status, who may call it and the shape of the
 * answer all come from that one table.
 */
export function Endpoint(route: Route): MethodDecorator {
  const [status] = Object.keys(route.responses);
  return applyDecorators(
    RequestMapping({ path: routerPathOf(route), method: RequestMethod[route.method] }),
    HttpCode(Number(status ?? 200)),
    SetMetadata(ROUTE, route),
  );
}

/** `/v1/messages/{message}` as the router writes it: `/v1/messages/:message`. */
export function routerPathOf(route: Route): string {
  return route.path.replaceAll(/\{(\w+)\}/g, ':$1');
}
