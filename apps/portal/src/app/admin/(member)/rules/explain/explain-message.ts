'use server';

import { ApiProblem } from '@signet/api-contract/client';
import type { MailRuleExplanation } from '@signet/api-contract/mail-rules';
import type { FieldError } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import { z } from 'zod';
import { memberApi } from '../../../member-session.ts';
import { actRefusalOf } from '../../act-refusal-of.ts';
import type { ActRefusal } from '../../act-refusal.ts';

const question = z.strictObject({ sender: z.string(), recipients: z.array(z.string()), mail: z.string() });

/** What the api says, or why it says nothing. */
export type ExplainAnswer =
  { readonly explanation: MailRuleExplanation } | { readonly refusal: ActRefusal | 'fields'; readonly errors: readonly FieldError[] };

/** Asks what would become of a message; nothing is stored. Next refuses forms of other origins. */
export async function explainMessage(given: z.infer<typeof question>): Promise<ExplainAnswer> {
  const { sender, recipients, mail } = question.parse(given);
  const body = { sender, recipients, raw: Buffer.from(mail, 'utf8').toString('base64') };
  try {
    return { explanation: await (await memberApi()).call(routes.explainMailRules, { body }) };
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'validation_failed') return { refusal: 'fields', errors: error.errors };
    return { refusal: actRefusalOf(error), errors: [] };
  }
}
