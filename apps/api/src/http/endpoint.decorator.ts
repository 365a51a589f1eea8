import { applyDecorators, HttpCode, RequestMapping, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Route } from '@signet/api-contract/route';

const HandlesRoute = Reflector.createDecorator<Route>();
const reflector = new Reflector();

/**
 * Binds a controller's method to a route of the contract: path, method, status, who may call it and the shape of the
 * answer all come from that one table.
 */
export function Endpoint(route: Route): MethodDecorator {
  const [status] = Object.keys(route.responses);
  return applyDecorators(
    RequestMapping({ path: routerPathOf(route), method: RequestMethod[route.method] }),
    HttpCode(Number(status ?? 200)),
    HandlesRoute(route),
  );
}

/** The route of the contract that is being answered; undefined on a handler that names none. */
export function routeOf(context: ExecutionContext): Route | undefined {
  return reflector.get(HandlesRoute, context.getHandler());
}

/** `/v1/messages/{message}` as the router writes it: `/v1/messages/:message`; what spans segments is its wildcard. */
export function routerPathOf(route: Route): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === route.spansSegments ? '*' : `:${name}`));
}
