import { mailRuleSchema } from '@signet/domain/mail-rule';
import { ruleOutcomes } from '@signet/domain/mail-decision';
import { problemCodes } from '@signet/domain/error-code';
import { z } from 'zod';
import { mailInJson, mailInQuery, ruleDecision } from './messages.ts';
import { defineRoute } from './route.ts';

const tags = ['Mail rules'] as const;

/** More rules than anybody has. */
const position = z.int().min(0).max(100_000).meta({ description: 'Its place in the order of evaluation, from 0.' });

/** A mail rule as it is kept. Lists have them in the order in which they are evaluated. */
const mailRule = mailRuleSchema
  .extend({ id: z.uuid(), position, summary: z.string().meta({ description: 'What the rule does, in plain words.' }) })
  .meta({ id: 'MailRule' });
export type MailRuleView = z.infer<typeof mailRule>;

const { name, conditions, exceptions, actions } = mailRuleSchema.shape;
const newMailRule = mailRuleSchema.extend({ position: position.optional().meta({ description: 'Behind all others when left out.' }) });
/** No presets here: what is left out stays as it is. */
const mailRuleChange = z
  .strictObject({
    name,
    enabled: z.boolean(),
    conditions,
    exceptions: exceptions.unwrap(),
    actions,
    stop: z.boolean(),
    position: position.meta({ description: 'Moves the rule there; the others close up and make room.' }),
  })
  .partial();

const look = z.strictObject({
  text: z.string().meta({ description: 'The condition, in plain words.' }),
  holds: z.enum(['yes', 'no', 'unknown']).meta({
    description:
      '`unknown`: it asks about content, and the message cannot be parsed. As a condition it then holds, as an exception it does not.',
  }),
  found: z.string().nullable().meta({ description: 'What in the message made it hold.' }),
});

/** What would become of a message, and why. */
const explanation = z
  .strictObject({
    outcome: z.enum(['accepted', 'rejected', 'refused']),
    refusal: z
      .strictObject({ code: z.enum(problemCodes), detail: z.string() })
      .nullable()
      .meta({ description: 'What a submission would be answered; null where it would be accepted.' }),
    decision: ruleDecision.nullable().meta({ description: 'Null where the message is refused before any rule is asked.' }),
    expiresInDays: z
      .int()
      .nonnegative()
      .nullable()
      .meta({ description: 'The rules’ word and the template’s taken together; 0 never, null where nothing would be accepted.' }),
    forwardingAllowed: z.boolean().nullable(),
    originalOnly: z.boolean().meta({ description: 'The message cannot be shown part by part, and rules cannot look into it.' }),
    rules: z.array(
      z.strictObject({
        id: z.uuid(),
        name: z.string(),
        summary: z.string(),
        outcome: z.enum(ruleOutcomes),
        conditions: z.array(look),
        exceptions: z.array(look),
      }),
    ),
  })
  .meta({ id: 'MailRuleExplanation' });
export type MailRuleExplanation = z.infer<typeof explanation>;

const params = z.strictObject({ id: z.uuid() });

export const mailRuleRoutes = {
  listMailRules: defineRoute({
    method: 'GET',
    path: '/v1/mail-rules',
    summary: 'List the mail rules in their order',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(mailRule) }) },
    problems: [],
  }),
  createMailRule: defineRoute({
    method: 'POST',
    path: '/v1/mail-rules',
    summary: 'Add a mail rule',
    description: 'Templates and sender groups that it names must be there. It counts for messages that arrive from then on.',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    body: newMailRule,
    responses: { 201: mailRule },
    problems: ['name_taken'],
  }),
  getMailRule: defineRoute({
    method: 'GET',
    path: '/v1/mail-rules/{id}',
    summary: 'Read a mail rule',
    tags,
    security: { apiKey: ['configuration:read'] },
    params,
    responses: { 200: mailRule },
    problems: ['not_found'],
  }),
  changeMailRule: defineRoute({
    method: 'PATCH',
    path: '/v1/mail-rules/{id}',
    summary: 'Change a mail rule, or move it',
    description: 'Fields left out stay as they are.',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    params,
    body: mailRuleChange,
    responses: { 200: mailRule },
    problems: ['not_found', 'name_taken'],
  }),
  removeMailRule: defineRoute({
    method: 'DELETE',
    path: '/v1/mail-rules/{id}',
    summary: 'Remove a mail rule',
    description: 'What it decided about messages before stays as it is.',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
  explainMailRules: defineRoute({
    method: 'POST',
    path: '/v1/mail-rules/explain',
    summary: 'Explain what the mail rules would do with a message',
    description:
      'Takes the mail as a submission does, up to the decision, and stores nothing. What was decided about a message that is stored stands in that message.',
    tags,
    security: { apiKey: ['configuration:read'] },
    query: mailInQuery,
    body: mailInJson,
    rawBody: 'message/rfc822',
    responses: { 200: explanation },
    problems: ['body_too_large'],
  }),
} as const;
