'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { receiverDone, receiverRefusalOf } from '../receiver-answer.ts';
import type { ReceiverAnswer } from '../receiver-answer.ts';

const draft = z.strictObject({
  name: z.string(),
  host: z.string(),
  port: z.string(),
  /** PEM; empty: the authorities that everybody knows. */
  certificateAuthority: z.string(),
  /** PEM; empty: Signet shows none. */
  clientCertificate: z.string(),
  /** PEM; empty: the one that is stored stays. */
  clientKey: z.string(),
  maxMessageBytes: z.string(),
});
export type SyslogDraft = z.infer<typeof draft>;

const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('create'), draft }),
  z.strictObject({ act: z.literal('edit'), id: z.uuid(), before: draft, draft }),
  z.strictObject({ act: z.enum(['enable', 'disable', 'test', 'remove']), id: z.uuid() }),
  z.strictObject({ act: z.literal('replay'), id: z.uuid(), index: z.int() }),
]);

/** Does something to a syslog destination. Of an edit what was changed is sent alone: what others set meanwhile stays. */
export async function changeSyslog(given: z.infer<typeof change>): Promise<ReceiverAnswer> {
  const asked = change.parse(given);
  const api = await memberApi();
  try {
    if (asked.act === 'create') await api.call(routes.createSyslogDestination, { body: bodyOf(asked.draft) });
    else {
      const params = { id: asked.id };
      if (asked.act === 'edit') await api.call(routes.changeSyslogDestination, { params, body: changesOf(asked) });
      else if (asked.act === 'test') await api.call(routes.testSyslogDestination, { params });
      else if (asked.act === 'remove') await api.call(routes.removeSyslogDestination, { params });
      else if (asked.act === 'replay') await api.call(routes.replaySyslogDestination, { params, body: { index: asked.index } });
      else await api.call(routes.changeSyslogDestination, { params, body: { enabled: asked.act === 'enable' } });
    }
  } catch (error) {
    return receiverRefusalOf(error);
  }
  revalidatePath('/admin/syslog');
  return receiverDone;
}

function bodyOf({ name, host, port, certificateAuthority, clientCertificate, clientKey, maxMessageBytes }: SyslogDraft) {
  return {
    name,
    host,
    port: Number(port),
    certificateAuthority: certificateAuthority.trim() === '' ? null : certificateAuthority,
    clientCertificate: clientCertificate.trim() === '' ? null : clientCertificate,
    ...(clientKey.trim() === '' ? {} : { clientKey }),
    maxMessageBytes: Number(maxMessageBytes),
  };
}

function changesOf({
  before,
  draft: after,
}: {
  readonly before: SyslogDraft;
  readonly draft: SyslogDraft;
}): Partial<ReturnType<typeof bodyOf>> {
  const [was, is] = [bodyOf(before), bodyOf(after)];
  return {
    ...(is.name === was.name ? {} : { name: is.name }),
    ...(is.host === was.host ? {} : { host: is.host }),
    ...(is.port === was.port ? {} : { port: is.port }),
    ...(is.certificateAuthority === was.certificateAuthority ? {} : { certificateAuthority: is.certificateAuthority }),
    ...(is.clientCertificate === was.clientCertificate ? {} : { clientCertificate: is.clientCertificate }),
    ...(is.clientKey === undefined ? {} : { clientKey: is.clientKey }),
    ...(is.maxMessageBytes === was.maxMessageBytes ? {} : { maxMessageBytes: is.maxMessageBytes }),
  };
}
