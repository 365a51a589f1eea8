import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IMPORT_LIMIT } from '@signet/api-contract/audit-imports';
import { IMAGE_LIMIT } from '@signet/api-contract/branding-templates';
import type { Route } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule, type ApiParts } from './app.module.ts';
import { Admission } from './authentication/admission.ts';
import { registerDocumentation } from './documentation/documentation.ts';
import type { ApiRequest } from './http/api-request.ts';
import { routerPathOf } from './http/endpoint.decorator.ts';
import { invalid, ProblemError } from './http/problem-error.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { checkRoutes } from './http/route-check.ts';
import { nestLogger } from './logger.ts';

/** Bytes of a body at most. */
const BODY_LIMIT = 1024 * 1024;
/** The same for a mail in JSON, which is in memory whole: as base64 one of 25 MiB is larger. */
const MAIL_BODY_LIMIT = 36 * 1024 * 1024;
/** The same for events in their thousands. */
const EVENTS_BODY_LIMIT = 16 * 1024 * 1024;
/** How long a request may take to arrive as a whole: a large mail over a slow line, and not for ever. */
const REQUEST_MILLISECONDS = 300_000;
/** How long the rest of a refused request may take: whoever sends no more, or without end, holds nothing up. */
const LINGER_MILLISECONDS = 5_000;
/** A Message-ID of 998 characters, each of them percent-encoded. */
const LONGEST_PATH_PARAMETER = 3200;

/**
 * Builds the api, ready to listen.
 * @throws when a route of the contract has no handler, or two.
 */
export async function createApp(parts: ApiParts): Promise<NestFastifyApplication> {
  const problems = new ProblemFilter(parts.logger);
  const adapter = new FastifyAdapter({
    trustProxy: parts.settings.TRUSTED_PROXIES ?? false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_MILLISECONDS,
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => problems.answer(error, request, reply),
  });
  const server = adapter.getInstance();
  server.addHook('onRoute', (route) => {
    const takesMail = Object.values<Route>(routes).filter(({ rawBody }) => rawBody === 'message/rfc822');
    if (takesMail.some(({ path, method }) => route.url === path && route.method === method)) route.bodyLimit = MAIL_BODY_LIMIT;
    if (route.url === routes.recordAuditEvents.path && route.method === routes.recordAuditEvents.method)
      route.bodyLimit = EVENTS_BODY_LIMIT;
    if (route.url === routes.importAuditRecords.path && route.method === routes.importAuditRecords.method) route.bodyLimit = IMPORT_LIMIT;
    if (route.url === imagePattern && route.method === routes.putBrandingImage.method) route.bodyLimit = IMAGE_LIMIT;
  });
  // By the head alone: whoever may not come in has no body read.
  server.addHook('onRequest', async (request: ApiRequest, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    const route = routeByPattern.get(`${request.method} ${request.routeOptions.url ?? ''}`);
    if (route) request.caller = await app.get(Admission).admit(request, route);
  });
  // What is refused before it has come in whole is read to its end by nobody: it is let run out, and the connection stays, though Fastify would
  // end it. Closed under a client that still writes, it would take the answer with it.
  server.addHook('onSend', async ({ raw }, reply) => {
    if (raw.complete) return;
    void reply.removeHeader('connection');
    const patience = setTimeout(() => raw.destroy(), LINGER_MILLISECONDS);
    raw.once('close', () => clearTimeout(patience)).resume();
  });
  server.addHook('onResponse', async (request, reply) => {
    // The pattern, never the path: a path may hold a link's token, a query a person's address.
    const route = request.routeOptions.url ?? 'unknown';
    parts.metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    parts.logger.info(
      { requestId: request.id, method: request.method, route, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  // Nest's own parsers are off: an empty body means no body, and CSV and NDJSON are taken as the bytes they are.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(/^application\/json\b/i, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    jsonOf(body),
  );
  server.addContentTypeParser(
    /^(?:text\/csv|application\/x-ndjson)\b/i,
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => body,
  );
  // A mail is never held whole: it is encrypted while it comes in.
  server.addContentTypeParser(/^message\/rfc822\b/i, async (request: FastifyRequest, body: Readable) => {
    if (Number(request.headers['content-length'] ?? 0) > parts.settings.MAX_MESSAGE_BYTES) throw new ProblemError('body_too_large');
    return body;
  });
  // A picture is told by its content: what the request calls it counts for nothing, on the one route that takes any.
  server.addContentTypeParser(
    /^(?:image\/|application\/octet-stream\b)/i,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (request.routeOptions.url !== imagePattern) throw new ProblemError('unsupported_media_type');
      return body;
    },
  );
  await registerDocumentation(server, parts.description);

  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    logger: nestLogger(parts.logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(problems);
  await app.init();
  checkRoutes(server);
  await server.ready();
  return app;
}

const imagePattern = routerPathOf(routes.putBrandingImage);

/** The contract's routes by method and path as the router has them. */
const routeByPattern = new Map<string, Route>(
  Object.values<Route>(routes).map((route) => [`${route.method} ${routerPathOf(route)}`, route]),
);

/** Refuses bytes that are no UTF-8 (RFC 8259, 8.1): replaced by U+FFFD, they would be other text than what was sent. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws {ProblemError} `validation_failed` when the body is not JSON, or has a key that only attackers write. */
function jsonOf(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(body), (key, value: unknown) => {
      if (key === '__proto__') throw new SyntaxError('__proto__ is no key');
      return value;
    });
  } catch {
    throw invalid([{ pointer: '', detail: 'The body is not JSON' }]);
  }
}
