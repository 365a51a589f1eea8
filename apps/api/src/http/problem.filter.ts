import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { problemTypeOf, PROBLEM_MEDIA_TYPE, type Problem } from '@signet/api-contract/problem';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import { UnreadableSettingsError } from '@signet/db/submission';
import { problems, type ProblemCode } from '@signet/domain/error-code';
import { VaultError, type VaultErrorCode } from '@signet/vault/vault-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ProblemError } from './problem-error.ts';

/** Seconds after which it is worth trying again when the database, the storage or the keys were away. */
const RETRY_AFTER_SECONDS = 5;

const away: ReadonlySet<VaultErrorCode> = new Set(['key_unavailable', 'storage_full', 'storage_unavailable']);

const notJson = new ProblemError('validation_failed', { errors: [{ pointer: '', detail: 'The body cannot be read' }] });

/** What the server itself says about a request that never reached a handler, by Fastify's error code. */
const serverProblems: Readonly<Record<string, ProblemError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new ProblemError('body_too_large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new ProblemError('unsupported_media_type'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: notJson,
  // Longer than any name of anything: not there. As an unknown error its path would stand in the log.
  FST_ERR_MAX_PARAM_LENGTH: new ProblemError('not_found'),
  FST_ERR_BAD_URL: new ProblemError('not_found'),
  FST_ERR_NOT_FOUND: new ProblemError('not_found'),
};

/** The same by status, where Nest has put its own exception in the place of Fastify's. */
const statusProblems: Readonly<Record<number, ProblemError>> = {
  400: notJson,
  404: new ProblemError('not_found'),
  413: new ProblemError('body_too_large'),
  415: new ProblemError('unsupported_media_type'),
};

/** Turns whatever was thrown into a problem (RFC 9457): the one place where code becomes status. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** @param request names the occurrence in the log; its path and query stay out of it, since they may hold a link's token. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (request.raw.destroyed && !request.raw.complete) {
      this.logger.info({ requestId: request.id, method: request.method }, 'the client went away before its request was whole');
      reply.raw.destroy();
      return;
    }
    const problem = this.#problemOf(error, request);
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer must not look like a whole one.
      reply.raw.destroy();
      return;
    }
    if (problem.retryAfterSeconds !== undefined) void reply.header('retry-after', String(problem.retryAfterSeconds));
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    // Bytes, so that no serializer of the route's answers changes them.
    void reply
      .status(problem.status)
      .header('cache-control', 'no-store')
      .type(PROBLEM_MEDIA_TYPE)
      .send(Buffer.from(JSON.stringify(problem)));
  }

  #problemOf(error: unknown, request: FastifyRequest): Problem {
    const known = knownProblem(error);
    if (known && problems[known.code].status < 500) return problemBody(known.code, known.details);
    const where = { requestId: request.id, method: request.method, route: request.routeOptions?.url ?? null };
    if (known) {
      this.logger.warn({ ...where, cause: error instanceof Error ? error.message : String(error) }, 'something that is needed is away');
      return problemBody(known.code, known.details);
    }
    this.logger.error({ ...where, err: error }, 'request failed');
    return { ...problemBody('internal_error', {}), instance: `urn:uuid:${request.id}` };
  }
}

function knownProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  const isAway = error instanceof DatabaseUnavailableError || error instanceof UnreadableSettingsError;
  if (isAway || (error instanceof VaultError && away.has(error.code))) {
    return new ProblemError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  // What the server refuses before any handler comes with Fastify's code, or as Nest's exception of the same status.
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = error instanceof HttpException ? error.getStatus() : undefined;
  return serverProblems[code] ?? (status === undefined ? undefined : statusProblems[status]);
}

function problemBody(code: ProblemCode, details: ProblemError['details']): Problem {
  const { status, title } = problems[code];
  return { type: problemTypeOf(code), title, status, code, detail: title, ...details };
}
