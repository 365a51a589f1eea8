import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { BodyOf, HeadersOf, ParamsOf, QueryOf, Route } from '@signet/api-contract/route';
import { z } from 'zod';
import type { ApiRequest } from './api-request.ts';
import { routeOf } from './endpoint.decorator.ts';

/** What a handler gets of a request: each part as the route's schema left it. */
export interface InputOf<R extends Route> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly headers: HeadersOf<R>;
  /** Undefined where the bytes themselves were sent, on routes that take them. */
  readonly body: R extends { readonly rawBody: string } ? BodyOf<R> | undefined : BodyOf<R>;
  /** The bytes of a body that is not JSON; a mail as it comes in, still to be read. */
  readonly raw: (R extends { readonly rawBody: 'message/rfc822' } ? Readable : Buffer) | undefined;
}

const nothing = z.strictObject({});

/** The whole request as one schema, so that one answer names every wrong field. */
function schemaOf(route: Route) {
  return z.object({
    params: route.params ?? nothing,
    // A parameter that means nothing here is a misspelt one: it is refused, not ignored.
    query: route.query ?? nothing,
    headers: route.headers ?? z.unknown(),
    body: route.rawBody ? (route.body ?? z.unknown()).optional() : (route.body ?? z.unknown()),
    raw: (route.rawBody === 'message/rfc822' ? z.instanceof(Readable) : z.instanceof(Buffer)).optional(),
  });
}

const fromRequest = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<ApiRequest>();
  const { query, headers, body } = request;
  const params = namedParams(request.params, routeOf(context));
  return Buffer.isBuffer(body) || body instanceof Readable ? { params, query, headers, raw: body } : { params, query, headers, body };
});

/** The path's parameters by the contract's names: the router calls what spans segments `*`. */
function namedParams(params: unknown, route: Route | undefined): unknown {
  if (route?.spansSegments === undefined || typeof params !== 'object' || params === null || !('*' in params)) return params;
  const { '*': spanning, ...others } = params;
  return { ...others, [route.spansSegments]: spanning };
}

/** The request's parts, validated by the route's schemas. */
export function Input(route: Route): ParameterDecorator {
  return fromRequest({ schema: schemaOf(route) });
}
