import { beginCheckpointMail, finishCheckpointMail, type CheckpointMailOrder } from '@signet/db/checkpoint-mail';
import { jobs } from '@signet/domain/jobs';
import { writeVerifierKey } from '@signet/domain/log/signed-note';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { renderCheckpointMail } from '@signet/mail-templates/checkpoint-mail';
import type { JobHandler } from '../job-handler.ts';
import { checkpointMailId } from '../mail-identity.ts';
import { inLanes, recordAnswer } from '../mail-lanes.ts';
import type { OutgoingMail } from '../next-hop.ts';
import type { MemberMailContext } from './send-member-mail.ts';

/** Mails with checkpoints, to whoever keeps them outside of Signet. */
export function sendCheckpointMailJob(context: MemberMailContext): JobHandler<'send-checkpoint-mail'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-checkpoint-mail',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginCheckpointMail(database, id, jobs['send-checkpoint-mail'].leaseSeconds);
          if (!order) return false;
          const answer = await nextHop.send(await composeCheckpointMail(order, context));
          metrics.mails.inc({ mail: 'checkpoint', delivery: answer.delivery });
          return recordAnswer(() => finishCheckpointMail(database, order, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function composeCheckpointMail(order: CheckpointMailOrder, { loopKey }: MemberMailContext): Promise<OutgoingMail> {
  const { address, organizationName, domain, at, logs, publicKeys, mailId, row } = order;
  const rendered = await renderCheckpointMail({
    organizationName,
    email: address,
    at: at.toISOString(),
    logs: logs.map(({ stream, origin, size }) => ({
      stream,
      size,
      verifierKeys: publicKeys.map((publicKey) => writeVerifierKey({ name: origin, publicKey })),
    })),
  });
  return {
    ...rendered,
    organizationId: row.organizationId,
    messageId: checkpointMailId(mailId, domain),
    from: `no-reply@${domain}`,
    to: address,
    attachments: logs.map(({ stream, note }) => ({ filename: `${stream}.checkpoint.txt`, text: note })),
    headers: {
      // RFC 3834: no absence notice shall answer it.
      'Auto-Submitted': 'auto-generated',
      // Who gets it may be of the organization's own domains: its mail system may hand the mail to Signet again.
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: row.organizationId, recipientId: mailId }),
    },
  };
}
