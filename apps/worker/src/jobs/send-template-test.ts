import { beginTemplateTest, finishTemplateTest, type TemplateTestOrder } from '@signet/db/template-test';
import { jobs } from '@signet/domain/jobs';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { renderSampleWrapperMail } from '@signet/mail-templates/sample-wrapper-mail';
import { LOGO_CID } from '@signet/mail-templates/wrapper-branding';
import type { JobHandler } from '../job-handler.ts';
import { templateTestId } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import type { OutgoingMail } from '../next-hop.ts';
import type { WrapperMailContext } from './send-wrapper-mail.ts';

/** Samples of branding templates, to the members who asked for them. */
export function sendTemplateTestJob(context: WrapperMailContext): JobHandler<'send-template-test'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-template-test',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginTemplateTest(database, id, jobs['send-template-test'].leaseSeconds);
          if (!order) return false;
          const answer = await handOver(
            () => composeSample(order, context),
            (mail) => nextHop.send(mail),
          );
          metrics.mails.inc({ mail: 'template-test', delivery: answer.delivery });
          return recordAnswer(() => finishTemplateTest(database, order, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function composeSample(order: TemplateTestOrder, { loopKey, publicUrl }: WrapperMailContext): Promise<OutgoingMail> {
  const { template, organization, domain, logo, at, email, memberId, row } = order;
  // The button leads to the template: there is no message behind it.
  const link = `${publicUrl}/admin/templates/${encodeURIComponent(template.name)}`;
  const rendered = await renderSampleWrapperMail(template, { organization, domain, logo, link, at });
  return {
    ...rendered,
    organizationId: row.organizationId,
    ...(logo ? { logo: { cid: LOGO_CID, png: logo.png } } : {}),
    messageId: templateTestId(row.id, memberId, domain),
    from: `no-reply@${domain}`,
    to: email,
    headers: {
      // RFC 3834: no absence notice shall answer it.
      'Auto-Submitted': 'auto-generated',
      // Members are of the organization's own domains: its mail system may hand the mail to Signet again.
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: row.organizationId, recipientId: memberId }),
    },
  };
}
