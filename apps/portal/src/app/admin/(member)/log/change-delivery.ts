'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { receiverRefusalOf } from '../receiver-answer.ts';

const change = z.strictObject({
  everyHours: z.int(),
  toAdmins: z.boolean(),
  addresses: z.array(z.string()),
  /** Webhooks that get checkpoints from now on, or no longer. */
  webhooks: z.array(z.strictObject({ id: z.uuid(), checkpoints: z.boolean() })),
});

/** What came of it: `faults` by box, one sentence each in the api's words. */
export interface DeliveryAnswer {
  readonly refusal: ActRefusal | 'faults' | null;
  readonly faults: readonly { readonly box: 'everyHours' | 'addresses' | 'webhooks'; readonly about: string; readonly detail: string }[];
}

/** Says how often checkpoints leave, and to whom. Webhooks are told one by one: what was set before a refusal stays, and is no change the next time. */
export async function changeDelivery(given: z.infer<typeof change>): Promise<DeliveryAnswer> {
  const { webhooks, ...body } = change.parse(given);
  const api = await memberApi();
  try {
    await api.call(routes.setCheckpointDelivery, { body });
  } catch (error) {
    const { errors } = error instanceof ApiProblem ? error : { errors: [] };
    const faults = errors.map(({ pointer, detail }) => {
      const [, field, index] = pointer.split('/');
      return field === 'addresses'
        ? { box: 'addresses' as const, about: body.addresses[Number(index)] ?? '', detail }
        : { box: 'everyHours' as const, about: '', detail };
    });
    return faults.length > 0 ? { refusal: 'faults', faults } : refusalOf(error, '');
  }
  // Also where a webhook is refused below: the page says what is in force.
  revalidatePath('/admin/log');
  for (const { id, checkpoints } of webhooks) {
    try {
      await api.call(routes.changeWebhook, { params: { id }, body: { checkpoints } });
    } catch (error) {
      return refusalOf(error, id);
    }
  }
  return { refusal: null, faults: [] };
}

function refusalOf(error: unknown, about: string): DeliveryAnswer {
  const { refusal, detail } = receiverRefusalOf(error);
  return refusal === 'detail' ? { refusal: 'faults', faults: [{ box: 'webhooks', about, detail }] } : { refusal, faults: [] };
}
