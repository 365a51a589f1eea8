import { permissions } from '@signet/domain/role';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { problemCodesOf } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

const document = openApiDocument({ serverUrl: 'http://localhost:3001' });
const named: [string, Route][] = Object.entries<Route>(routes);

interface Operation {
  'x-recent-authentication'?: true;
  'x-during-enrolment'?: true;
  operationId: string;
  summary?: string;
  security?: Record<string, string[]>[];
  parameters?: { in: string; name: string; required?: boolean }[];
  responses: Record<string, { content?: Record<string, { examples?: Record<string, unknown> }> }>;
}

/** The document as a reader of its JSON sees it. */
const read: { paths: Record<string, Record<string, Operation>> } = JSON.parse(JSON.stringify(document));

function operation(route: Route): Operation | undefined {
  return read.paths[route.path]?.[route.method.toLowerCase()];
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(JSON.parse(JSON.stringify(document))));
  expect(result).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('the document has exactly the routes of the table', () => {
  const ids = Object.values(read.paths).flatMap((path) => Object.values(path).map((entry) => entry.operationId));
  expect(ids.toSorted()).toEqual(Object.keys(routes).toSorted());
  expect(ids.length).toBeGreaterThan(25);
});

test('no two routes answer the same method and path', () => {
  const places = named.map(([, route]) => `${route.method} ${route.path.replaceAll(/\{\w+\}/g, '{}')}`);
  expect(new Set(places).size).toBe(places.length);
});

describe.each(named)('%s', (name, route) => {
  test('has a summary, an answer of success and a statement of who may call it', () => {
    const entry = operation(route);
    expect(entry?.operationId).toBe(name);
    expect(entry?.summary).toMatch(/^[A-Z].{8,}/);
    expect(Object.keys(entry?.responses ?? {}).some((status) => status.startsWith('2'))).toBe(true);
    expect(entry?.security).toHaveLength(route.security === 'none' ? 0 : typeof route.security === 'object' ? 2 : 1);
  });

  test('says whether members must have proved lately who they are, and only where members may call it', () => {
    expect(operation(route)?.['x-recent-authentication'] ?? false).toBe(route.recentAuthentication ?? false);
    expect(operation(route)?.['x-during-enrolment'] ?? false).toBe(route.duringEnrolment ?? false);
    const forMembers = route.security === 'member' || typeof route.security === 'object';
    expect(forMembers || !(route.recentAuthentication ?? route.duringEnrolment)).toBe(true);
    expect(problemCodesOf(route).includes('reauthentication_required')).toBe(route.recentAuthentication ?? false);
  });

  test('lists every problem by its code', () => {
    const listed = Object.values(operation(route)?.responses ?? {}).flatMap((response) =>
      Object.keys(response.content?.['application/problem+json']?.examples ?? {}),
    );
    expect(listed.toSorted()).toEqual(problemCodesOf(route).toSorted());
    expect(listed).toContain('internal_error');
  });

  test('states a schema for every parameter of its path, and no other', () => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
    const stated = operation(route)?.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
    expect(stated.map((parameter) => [parameter.name, parameter.required])).toEqual(inPath.map((parameter) => [parameter, true]));
  });

  test('refuses fields that it does not know', () => {
    const strict = [route.params, route.query, route.body].filter((schema) => schema !== undefined);
    for (const schema of strict) {
      const issues = schema.safeParse({ thisIsUnknown: true }).error?.issues ?? [];
      expect(issues.map((issue) => issue.code)).toContain('unrecognized_keys');
    }
    expect(route.method === 'GET' ? route.body : undefined).toBeUndefined();
  });

  test('keeps tokens out of queries, and is for the portal only where its headers speak for a visitor', () => {
    expect(Object.keys(route.query?.shape ?? {}).filter((parameter) => /token|secret|session|passcode/i.test(parameter))).toEqual([]);
    const speaksForVisitors = Object.keys(route.headers?.shape ?? {}).some((header) => header.startsWith('x-signet-'));
    const throughPortal = ['portal', 'member', 'sender', 'recipient'].some((through) => through === route.security);
    expect(throughPortal || !speaksForVisitors).toBe(true);
  });
});

test('what API keys may call wants a permission that exists', () => {
  const wanted = named.flatMap(([, route]) => (typeof route.security === 'object' ? [route.security.apiKey] : []));
  expect(wanted.length).toBeGreaterThan(10);
  for (const scopes of wanted) {
    expect(scopes).not.toHaveLength(0);
    expect(permissions).toEqual(expect.arrayContaining([...scopes]));
  }
});
