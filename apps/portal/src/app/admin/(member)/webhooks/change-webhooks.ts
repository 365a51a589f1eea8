'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { operationNames } from '@signet/domain/audit/operation';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const draft = z.strictObject({ name: z.string(), url: z.string(), operations: z.array(z.enum(operationNames)), alerts: z.boolean() });
export type WebhookDraft = z.infer<typeof draft>;

const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('create'), draft }),
  z.strictObject({ act: z.enum(['enable', 'disable', 'test', 'rotate', 'remove']), id: z.uuid() }),
  z.strictObject({ act: z.literal('replay'), id: z.uuid(), index: z.string() }),
]);

/** What came of an act: null secret where none was made. `detail`: why not, in the api's words, and at which box. */
export interface WebhookAnswer {
  readonly refusal: ActRefusal | 'detail' | null;
  readonly detail: string;
  readonly field: string;
  readonly secret: string | null;
}

/** Does something to a webhook. A secret goes to the page of whoever made it, and nowhere else. */
export async function changeWebhooks(given: z.infer<typeof change>): Promise<WebhookAnswer> {
  const asked = change.parse(given);
  const api = await memberApi();
  let secret: string | null = null;
  try {
    if (asked.act === 'create') {
      const { operations, ...rest } = asked.draft;
      ({ secret } = await api.call(routes.createWebhook, { body: { ...rest, operations: operations.length === 0 ? null : operations } }));
    } else if (asked.act === 'rotate') ({ secret } = await api.call(routes.rotateWebhookSecret, { params: { id: asked.id } }));
    else if (asked.act === 'test') await api.call(routes.testWebhook, { params: { id: asked.id } });
    else if (asked.act === 'remove') await api.call(routes.removeWebhook, { params: { id: asked.id } });
    else if (asked.act === 'replay') {
      await api.call(routes.replayWebhook, { params: { id: asked.id }, body: { index: Number(asked.index) } });
    } else await api.call(routes.changeWebhook, { params: { id: asked.id }, body: { enabled: asked.act === 'enable' } });
  } catch (error) {
    return refusalOf(error);
  }
  revalidatePath('/admin/webhooks');
  return { refusal: null, detail: '', field: '', secret };
}

function refusalOf(error: unknown): WebhookAnswer {
  const nothing = { detail: '', field: '', secret: null };
  if (!(error instanceof ApiProblem)) return { ...nothing, refusal: actRefusalOf(error) };
  const [fault] = error.errors;
  if (error.code === 'validation_failed' && fault)
    return { ...nothing, refusal: 'detail', detail: fault.detail, field: fault.pointer.slice(1).split('/')[0] ?? '' };
  if (error.status === 409 || error.status === 429) return { ...nothing, refusal: 'detail', detail: error.detail ?? '' };
  return { ...nothing, refusal: actRefusalOf(error) };
}
