import { mailRuleSchema } from '@signet/domain/mail-rule';
import { z } from 'zod';
import { defineRoute } from './route.ts';

/** A mail rule with its id. Lists have them in the order in which they are evaluated. */
const mailRule = mailRuleSchema.extend({ id: z.uuid() }).meta({ id: 'MailRule' });

export const mailRuleRoutes = {
  listMailRules: defineRoute({
    method: 'GET',
    path: '/v1/mail-rules',
    summary: 'List the mail rules in their order',
    tags: ['Mail rules'],
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(mailRule) }) },
    problems: [],
  }),
} as const;
