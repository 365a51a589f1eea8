import type { ProblemCode } from '@signet/domain/error-code';
import { z } from 'zod';
import { problem } from './problem.ts';
import type { FieldError, Problem } from './problem.ts';
import type { AnswerOf, RequestOf, Route } from './route.ts';

/** The api said no: a problem (RFC 9457) with its stable code. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;
  /** What the answer's headers say besides: `Retry-After`, `Content-Range`. */
  readonly headers: Headers;

  constructor(answer: Problem, headers: Headers = new Headers()) {
    super(`${answer.code} (${answer.status}): ${answer.detail}`);
    this.problem = answer;
    this.headers = headers;
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): ProblemCode {
    return this.problem.code;
  }
  get detail(): string {
    return this.problem.detail;
  }
  get errors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }
}

/** The other side answered something that no version of this contract says: not the api, or one of another version. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  /** `what` names fields and statuses, never values: an answer may hold what belongs into no log. */
  constructor(route: Route, status: number, what: string) {
    super(`${route.method} ${route.path} answered ${status}: ${what}`);
    this.status = status;
  }
}

export interface ClientOptions {
  /** Address of the api, with or without a slash at its end. */
  readonly baseUrl: string;
  /** Sent with every request: the API key, or the portal's secret. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /** How long an answer may take: a whole one, or the headers of what flows. Without it a call waits as long as `fetch` does. */
  readonly limitMilliseconds?: number;
}

interface CallOptions {
  readonly signal?: AbortSignal;
}

/** What every request is made of, once its type has done its work. */
interface LooseRequest {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly rawBody?: Uint8Array<ArrayBuffer> | string;
}

/** A call's request may be left out where none of its parts is needed. */
type CallArguments<R extends Route> =
  Partial<RequestOf<R>> extends RequestOf<R>
    ? [request?: RequestOf<R>, options?: CallOptions]
    : [request: RequestOf<R>, options?: CallOptions];

export interface Client {
  /**
   * Asks a route and gives its answer, checked against the route's schema; for what flows (files, pages) the Response.
   * @throws {UnaskableError} for a name that no address can hold; {ApiProblem} when the api says no; {UnexpectedAnswer} when the answer is none of the contract's; a `TimeoutError`
   * at the client's limit; what `fetch` throws when there is no answer at all.
   */
  call<const R extends Route>(route: R, ...rest: CallArguments<R>): Promise<AnswerOf<R>>;
  /** Asks a route for its answer as a page for people. @throws as `call` does. */
  page<const R extends Route & { readonly page: true }>(route: R, ...rest: CallArguments<R>): Promise<Response>;
}

/** Path segments that a URL parser takes for "here" and "up"; percent-encoding them does not help (WHATWG URL, 4.1). */
const dotSegments = /^(?:\.|%2e){1,2}$/i;

/** A route that was not asked, since no address can hold the name that was given. */
export class UnaskableError extends TypeError {
  override readonly name = 'UnaskableError';
  /** The part of the route's path that has no such name. */
  readonly parameter: string;

  constructor(route: Route, parameter: string) {
    super(`${route.method} ${route.path} cannot be asked with this ${parameter}`);
    this.parameter = parameter;
  }
}

function pathOf(route: Route, params: Readonly<Record<string, unknown>>): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = text(params[name]);
    const segments = name === route.spansSegments ? value.split('/') : [value];
    if (segments.some((segment) => segment === '' || dotSegments.test(segment))) {
      throw new UnaskableError(route, name);
    }
    return segments.map((segment) => encodeURIComponent(segment)).join('/');
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) search.append(name, text(item));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function initOf(route: Route, request: LooseRequest, fixed: Readonly<Record<string, string>>): RequestInit {
  const headers = new Headers(fixed);
  for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers.set(name, text(value));
  if (!headers.has('accept')) headers.set('accept', 'application/json, application/problem+json, */*;q=0.5');
  // The api redirects nowhere; whoever would must not get the credentials.
  const init: RequestInit = { method: route.method, headers, redirect: 'error' };
  if (request.rawBody !== undefined && route.rawBody !== undefined) {
    headers.set('content-type', route.rawBody);
    init.body = request.rawBody;
  } else if (request.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(request.body);
  }
  return init;
}

/** The answer's JSON, or undefined where it has none: half a body, or a page of a proxy in between. */
async function jsonOf(response: Response): Promise<unknown> {
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Throws what an answer that is none of the route's means. */
async function noAnswer(route: Route, response: Response): Promise<never> {
  const said = problem.safeParse(await jsonOf(response));
  if (said.success && said.data.status === response.status) throw new ApiProblem(said.data, response.headers);
  throw new UnexpectedAnswer(route, response.status, 'neither an answer of this route nor a problem');
}

async function answerOf(route: Route, response: Response): Promise<unknown> {
  const answer = Object.entries(route.responses).find(([status]) => Number(status) === response.status)?.[1];
  switch (answer) {
    case undefined:
      return noAnswer(route, response);
    case 'stream':
    case 'html':
      return response;
    case 'empty':
      await response.body?.cancel();
      return undefined;
    case 'json':
      return jsonOf(response);
    default: {
      const checked = answer.safeParse(await jsonOf(response));
      if (checked.success) return checked.data;
      throw new UnexpectedAnswer(route, response.status, `not as agreed at ${placesOf(checked.error)}`);
    }
  }
}

function placesOf(error: z.ZodError): string {
  return [...new Set(error.issues.map((issue) => `/${issue.path.map(String).join('/')}`))].slice(0, 5).join(', ');
}

/** A client of the api, typed by the routes themselves. It keeps nothing but its options. */
export function createClient({ baseUrl, headers = {}, fetch: ask = fetch, limitMilliseconds }: ClientOptions): Client {
  const base = baseUrl.replace(/\/+$/, '');
  // The overload is the one place where a type is stated: `answerOf` checks the answer against the route's schema.
  async function call<const R extends Route>(route: R, ...rest: CallArguments<R>): Promise<AnswerOf<R>>;
  async function call(route: Route, ...rest: CallArguments<Route>): Promise<unknown> {
    return send(route, rest, headers, (response) => answerOf(route, response));
  }
  /** Once `take` has what it needs of the answer, the limit is over: what is left of it flows as long as it likes. */
  async function send<T>(
    route: Route,
    [given, { signal } = {}]: CallArguments<Route>,
    fixed: Readonly<Record<string, string>>,
    take: (response: Response) => Promise<T>,
  ): Promise<T> {
    const request: LooseRequest = given ?? {};
    const url = `${base}${pathOf(route, request.params ?? {})}${queryOf(request.query ?? {})}`;
    const late = new AbortController();
    const signals = [late.signal, ...(signal ? [signal] : [])];
    const timer =
      limitMilliseconds === undefined
        ? undefined
        : setTimeout(() => {
            late.abort(new DOMException(`${route.method} ${route.path} was not answered in time`, 'TimeoutError'));
          }, limitMilliseconds);
    try {
      return await take(await ask(url, { ...initOf(route, request, fixed), signal: AbortSignal.any(signals) }));
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    call,
    page<const R extends Route>(route: R, ...rest: CallArguments<R>): Promise<Response> {
      const accepting = { ...headers, accept: 'text/html, application/problem+json;q=0.5' };
      return send(route, rest, accepting, async (response) => {
        const isPage = response.status === 200 && response.headers.get('content-type')?.startsWith('text/html') === true;
        return isPage ? response : noAnswer(route, response);
      });
    },
  };
}
