'use server';

import { routes } from '@signet/api-contract/routes';
import { operationNames } from '@signet/domain/audit/operation';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { receiverDone, receiverRefusalOf } from '../receiver-answer.ts';
import type { ReceiverAnswer } from '../receiver-answer.ts';

const draft = z.strictObject({
  name: z.string(),
  url: z.string(),
  /** Of which steps entries are sent; `operations` says which ones where it is some. */
  entries: z.enum(['all', 'some', 'none']),
  operations: z.array(z.enum(operationNames)),
  alerts: z.boolean(),
  checkpoints: z.boolean(),
});
export type WebhookDraft = z.infer<typeof draft>;

const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('create'), draft }),
  z.strictObject({ act: z.literal('edit'), id: z.uuid(), draft }),
  z.strictObject({ act: z.enum(['enable', 'disable', 'test', 'rotate', 'remove']), id: z.uuid() }),
  z.strictObject({ act: z.literal('replay'), id: z.uuid(), index: z.int() }),
]);

export interface WebhookAnswer extends ReceiverAnswer {
  /** Null where none was made. */
  readonly secret: string | null;
}

/** Does something to a webhook. A secret goes to the page of whoever made it, and nowhere else. */
export async function changeWebhooks(given: z.infer<typeof change>): Promise<WebhookAnswer> {
  const asked = change.parse(given);
  const api = await memberApi();
  let secret: string | null = null;
  try {
    if (asked.act === 'create') ({ secret } = await api.call(routes.createWebhook, { body: bodyOf(asked.draft) }));
    else {
      const params = { id: asked.id };
      if (asked.act === 'edit') await api.call(routes.changeWebhook, { params, body: bodyOf(asked.draft) });
      else if (asked.act === 'rotate') ({ secret } = await api.call(routes.rotateWebhookSecret, { params }));
      else if (asked.act === 'test') await api.call(routes.testWebhook, { params });
      else if (asked.act === 'remove') await api.call(routes.removeWebhook, { params });
      else if (asked.act === 'replay') await api.call(routes.replayWebhook, { params, body: { index: asked.index } });
      else await api.call(routes.changeWebhook, { params, body: { enabled: asked.act === 'enable' } });
    }
  } catch (error) {
    return { ...receiverRefusalOf(error), secret: null };
  }
  revalidatePath('/admin/webhooks');
  return { ...receiverDone, secret };
}

function bodyOf({ entries, operations, ...rest }: WebhookDraft) {
  return { ...rest, operations: entries === 'all' ? null : entries === 'none' ? [] : operations };
}
