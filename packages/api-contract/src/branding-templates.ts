import { brandingTemplate, templateLimits } from '@signet/domain/branding-template';
import { z } from 'zod';
import { defineRoute } from './route.ts';

const tags = ['Branding templates'] as const;

export const brandingTemplateRoutes = {
  listBrandingTemplates: defineRoute({
    method: 'GET',
    path: '/v1/branding-templates',
    summary: 'List the branding templates',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(brandingTemplate) }) },
    problems: [],
  }),
  getBrandingTemplate: defineRoute({
    method: 'GET',
    path: '/v1/branding-templates/{name}',
    summary: 'Read a branding template',
    tags,
    security: { apiKey: ['configuration:read'] },
    params: z.strictObject({ name: z.string().min(1).max(templateLimits.name) }),
    responses: { 200: brandingTemplate },
    problems: ['not_found'],
  }),
} as const;
