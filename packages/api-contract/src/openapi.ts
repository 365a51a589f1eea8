import { problems } from '@signet/domain/error-code';
import type { ProblemCode } from '@signet/domain/error-code';
import type { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { portalHeader } from './portal-headers.ts';
import { problem, problemCodesOf, PROBLEM_MEDIA_TYPE, problemTypeOf } from './problem.ts';
import type { OtherAnswer, Route, Security } from './route.ts';
import { routes } from './routes.ts';

const securitySchemes = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key. Each route names the scopes it wants.' },
  memberSession: { type: 'http', scheme: 'bearer', description: 'A member’s session; the member’s role must have the permissions named.' },
  senderSession: { type: 'http', scheme: 'bearer', description: 'A signed-in sender’s session; it reaches their own messages only.' },
  portalSecret: { type: 'apiKey', in: 'header', name: 'X-Signet-Portal-Secret', description: 'Proves that the portal’s server speaks.' },
  recipientSession: { type: 'apiKey', in: 'header', name: 'X-Signet-Session', description: 'A signed-in recipient’s session.' },
} as const;

type Requirement = Record<string, string[]>;

const portalRequirements: Record<Exclude<Security, object>, Requirement[]> = {
  member: [{ memberSession: [], portalSecret: [] }],
  sender: [{ senderSession: [], portalSecret: [] }],
  recipient: [{ recipientSession: [], portalSecret: [] }],
  portal: [{ portalSecret: [] }],
  none: [],
};

function securityOf(security: Security): Requirement[] {
  if (typeof security !== 'object') return portalRequirements[security];
  const permissions = [...security.apiKey];
  return [{ apiKey: permissions }, { memberSession: permissions, portalSecret: [] }];
}

const statusTexts: Record<string, string> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted',
  204: 'Done; there is nothing to say',
  206: 'The range asked for',
  503: 'Not ready',
};

function contentOf(answer: z.ZodType | OtherAnswer) {
  switch (answer) {
    case 'stream':
      return { 'application/octet-stream': {} };
    case 'html':
      return { 'text/html': { schema: { type: 'string' as const } } };
    case 'json':
      return { 'application/json': { schema: { type: 'object' as const } } };
    case 'empty':
      return undefined;
    default:
      return { 'application/json': { schema: answer } };
  }
}

/** The problems of one status as one response: an example for each code, so that none is hidden behind the status. */
function problemResponse(status: number, codes: readonly ProblemCode[]) {
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
    ...(status === 429 || status === 503
      ? { headers: { 'Retry-After': { schema: { type: 'integer' as const }, description: 'Seconds until it is worth trying again' } } }
      : {}),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: problem,
        examples: Object.fromEntries(
          codes.map((code) => {
            const { title } = problems[code];
            return [code, { value: { type: problemTypeOf(code), title, status, code, detail: title } }];
          }),
        ),
      },
    },
  };
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const responses: Record<string, ZodOpenApiResponsesObject[`${1 | 2 | 3 | 4 | 5}${string}`]> = {};
  for (const [status, answer] of Object.entries(route.responses)) {
    const content = { ...contentOf(answer), ...(route.page && status === '200' ? contentOf('html') : {}) };
    responses[status] = { description: statusTexts[status] ?? 'Answer', ...(Object.keys(content).length > 0 ? { content } : {}) };
  }
  for (const [status, codes] of Map.groupBy(problemCodesOf(route), (code) => problems[code].status)) {
    responses[String(status)] = problemResponse(status, codes);
  }
  return responses;
}

function bodyOf(route: Route) {
  if (!route.body && !route.rawBody) return {};
  return {
    requestBody: {
      // A body that may be missing is one for which the schema has a preset.
      required: !route.body?.safeParse(undefined).success,
      content: {
        ...(route.body ? { 'application/json': { schema: route.body } } : {}),
        ...Object.fromEntries(
          [route.rawBody, route.otherRawBody].flatMap((type) =>
            type === undefined ? [] : [[type, { schema: { type: 'string' as const, format: 'binary' } }]],
          ),
        ),
      },
    },
  };
}

function operationOf(name: string, route: Route): ZodOpenApiOperationObject {
  return {
    operationId: name,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [...route.tags],
    security: securityOf(route.security),
    ...(route.recentAuthentication ? { 'x-recent-authentication': true } : {}),
    ...(route.duringEnrolment ? { 'x-during-enrolment': true } : {}),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(route.headers ? { header: withoutSecuritySchemes(route.headers) } : {}),
    },
    ...bodyOf(route),
    responses: responsesOf(route),
  };
}

/** What a security scheme already says is not said again as a parameter. */
function withoutSecuritySchemes(headers: z.ZodObject): z.ZodObject {
  return portalHeader.session in headers.shape ? headers.omit({ [portalHeader.session]: true }) : headers;
}

/**
 * The whole API as an OpenAPI 3.1 document, made from the table that the api answers by and the clients ask by.
 * @param serverUrl address of the api as callers reach it, without a slash at its end.
 */
export function openApiDocument({ serverUrl }: { serverUrl: string }): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(name, route);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Signet',
      version: '1',
      description:
        'Encrypted mail under your own brand: track every message, take any of them back. Errors are problem details (RFC 9457) with a stable `code`; times are RFC 3339 in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(Object.values<Route>(routes).flatMap((route) => route.tags))].map((tag) => ({ name: tag })),
    paths,
    components: { securitySchemes },
  });
}
