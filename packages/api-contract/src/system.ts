import { z } from 'zod';
import { defineRoute } from './route.ts';

const tags = ['System'] as const;

export const readiness = z.strictObject({
  status: z.enum(['ok', 'unavailable']),
  checks: z.record(z.string(), z.enum(['ok', 'unavailable'])),
});

export const systemRoutes = {
  getLiveness: defineRoute({
    method: 'GET',
    path: '/health/live',
    summary: 'Tell whether the process runs',
    tags,
    security: 'none',
    responses: { 200: z.strictObject({ status: z.literal('ok') }) },
    problems: [],
  }),
  getReadiness: defineRoute({
    method: 'GET',
    path: '/health/ready',
    summary: 'Tell whether the process can do its work',
    tags,
    security: 'none',
    responses: { 200: readiness, 503: readiness },
    problems: [],
  }),
  getOpenApi: defineRoute({
    method: 'GET',
    path: '/openapi.json',
    summary: 'Get this description of the API',
    tags,
    security: 'none',
    responses: { 200: 'json' },
    problems: [],
  }),
  getDocs: defineRoute({
    method: 'GET',
    path: '/docs',
    summary: 'Read this description as a page',
    tags,
    security: 'none',
    responses: { 200: 'html' },
    problems: [],
  }),
} as const;
