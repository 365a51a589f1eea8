import type { ProblemCode } from '@signet/domain/error-code';
import type { Permission } from '@signet/domain/role';
import type { z } from 'zod';

/** Answers that are not JSON: bytes that flow, a page, the OpenAPI document itself, or nothing (204). */
export type OtherAnswer = 'stream' | 'html' | 'json' | 'empty';

/**
 * Who may call a route.
 * - `apiKey`: an API key with all of these scopes, or a member's session whose role has all of these permissions
 *   (`Authorization: Bearer …`; a member's session counts only together with the portal's secret);
 * - `member`: any signed-in member, through the portal;
 * - `sender`: a signed-in sender, through the portal; their own messages only;
 * - `recipient`: a signed-in recipient, through the portal;
 * - `portal`: the portal's own server;
 * - `none`: anybody.
 */
export type Security = { readonly apiKey: readonly Permission[] } | 'member' | 'sender' | 'recipient' | 'portal' | 'none';

export type Status = 200 | 201 | 202 | 204 | 206 | 503;

/** One thing that api and its callers say to each other. Path parameters stand in braces, as in OpenAPI. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly [string, ...string[]];
  readonly security: Security;
  /**
   * A member must have proved who they are within the last quarter of an hour (`RECENT_SECONDS` of the domain), else the answer is
   * `reauthentication_required`. Set on what destroys something, gives or takes access, or changes how somebody signs in.
   * API keys are not asked: there is nobody to ask.
   */
  readonly recentAuthentication?: true;
  /** Open to a member who must set up a second factor before anything else; other routes answer them `second_factor_required`. */
  readonly duringEnrolment?: true;
  /** Does not count as a use of the member's session: set on what a browser asks by itself, with nobody there perhaps. */
  readonly passive?: true;
  readonly params?: z.ZodObject;
  /** The parameter at the path's end that may hold slashes, as the name of a tile does. */
  readonly spansSegments?: string;
  readonly query?: z.ZodObject;
  /** The headers that mean something here, in lower case; other headers pass, since every client sends its own. */
  readonly headers?: z.ZodObject;
  /** JSON body. */
  readonly body?: z.ZodType;
  /** Media type of a body of bytes; where there is `body` too, either is taken. */
  readonly rawBody?: string;
  /** Another media type in which a body of bytes is understood. */
  readonly otherRawBody?: string;
  readonly responses: { readonly [status in Status]?: z.ZodType | OtherAnswer };
  /** Whether the answer of 200 is to be had as a page for people as well, by `Accept: text/html`. */
  readonly page?: true;
  /** What can go wrong here besides what can go wrong on every route of its kind (`problemCodesOf`). */
  readonly problems: readonly ProblemCode[];
}

/** States a route with its literal type, so that requests and answers can be typed from it. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
type InputOf<S> = S extends z.ZodType ? z.input<S> : undefined;
type Part<R extends Route, K extends keyof Route> = R extends { readonly [key in K]: infer S } ? S : undefined;

/** What the api has after validation. */
export type ParamsOf<R extends Route> = OutputOf<Part<R, 'params'>>;
export type QueryOf<R extends Route> = OutputOf<Part<R, 'query'>>;
export type HeadersOf<R extends Route> = OutputOf<Part<R, 'headers'>>;
export type BodyOf<R extends Route> = OutputOf<Part<R, 'body'>>;

type AnswerSchema<R extends Route> = R['responses'][keyof R['responses']];
/** What a caller gets: the JSON of the route's schema, a Response for what flows, undefined for nothing. */
export type AnswerOf<R extends Route> = AnswerSchema<R> extends infer A ? AnswerFrom<A> : never;
type AnswerFrom<A> = A extends z.ZodType ? z.output<A> : A extends 'stream' | 'html' ? Response : A extends 'json' ? unknown : undefined;

type Field<K extends string, V> = [V] extends [undefined]
  ? unknown
  : Partial<V> extends V
    ? { readonly [k in K]?: V }
    : { readonly [k in K]: V };

type BodyField<R extends Route> =
  Part<R, 'rawBody'> extends string
    ? // One of the two, where both are taken: JSON, or the bytes themselves.
      | (Part<R, 'body'> extends z.ZodType ? { readonly body: InputOf<Part<R, 'body'>>; readonly rawBody?: never } : never)
      | { readonly rawBody: Uint8Array<ArrayBuffer> | string; readonly body?: never }
    : Field<'body', InputOf<Part<R, 'body'>>>;

/** What a caller says: a part is optional where all its fields are. */
export type RequestOf<R extends Route> = Field<'params', InputOf<Part<R, 'params'>>> &
  Field<'query', InputOf<Part<R, 'query'>>> &
  Field<'headers', InputOf<Part<R, 'headers'>>> &
  BodyField<R>;
