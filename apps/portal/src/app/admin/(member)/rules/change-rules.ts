'use server';

import { ApiProblem } from '@signet/api-contract/client';
import type { FieldError } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import { mailRuleSchema } from '@signet/domain/mail-rule';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const PATH = '/admin/rules';

/** Why a rule was not saved: what is wrong at which place of it (RFC 6901), or what else. */
export interface RuleRefusal {
  readonly refusal: ActRefusal | 'fields';
  readonly errors: readonly FieldError[];
}

const saving = z.strictObject({ id: z.uuid().nullable(), rule: z.unknown() });

/** Adds a rule, or gives the one of this id other content; in force when this returns null. Next refuses forms of other origins. */
export async function saveRule(given: z.infer<typeof saving>): Promise<RuleRefusal | null> {
  const { id, rule } = saving.parse(given);
  const read = mailRuleSchema.safeParse(rule);
  if (!read.success) {
    const errors = read.error.issues.map(({ path, message }) => ({ pointer: `/${path.map(String).join('/')}`, detail: message }));
    return { refusal: 'fields', errors };
  }
  try {
    const api = await memberApi();
    if (id === null) await api.call(routes.createMailRule, { body: read.data });
    else await api.call(routes.changeMailRule, { params: { id }, body: read.data });
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'name_taken')
      return { refusal: 'fields', errors: [{ pointer: '/name', detail: error.detail }] };
    if (error instanceof ApiProblem && error.code === 'validation_failed') return { refusal: 'fields', errors: error.errors };
    return { refusal: actRefusalOf(error), errors: [] };
  }
  revalidatePath(PATH);
  return null;
}

const id = z.uuid();
const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('switch'), id, enabled: z.boolean() }),
  z.strictObject({ act: z.literal('move'), id, position: z.int() }),
  z.strictObject({ act: z.literal('remove'), id }),
]);

/** Switches, moves or removes a rule; in force when this returns null. */
export async function changeRule(given: z.infer<typeof change>): Promise<ActRefusal | null> {
  const asked = change.parse(given);
  const params = { id: asked.id };
  try {
    const api = await memberApi();
    if (asked.act === 'remove') await api.call(routes.removeMailRule, { params });
    else if (asked.act === 'switch') await api.call(routes.changeMailRule, { params, body: { enabled: asked.enabled } });
    else await api.call(routes.changeMailRule, { params, body: { position: asked.position } });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath(PATH);
  return null;
}
