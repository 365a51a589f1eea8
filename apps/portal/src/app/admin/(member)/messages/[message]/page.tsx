import type { Client } from '@signet/api-contract/client';
import type { Message } from '@signet/api-contract/messages';
import type { candidate } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { ChevronLeft } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache, Suspense } from 'react';
import type { z } from 'zod';
import { isProblem } from '../../../../../api/is-problem.ts';
import { memberApi, requireMember } from '../../../member-session.ts';
import { LoadingRows } from '../../../../../components/loading-rows.tsx';
import { addressOf, messagePath, single } from '../../page-address.ts';
import type { SearchParams } from '../../page-address.ts';
import { Section } from '../../section.tsx';
import { AccessActions } from '../../../../../components/message/access-actions.tsx';
import { AttachmentList } from './attachment-list.tsx';
import { changeAccess } from './change-access.ts';
import { CandidateList } from './candidate-list.tsx';
import { Exposure } from './exposure.tsx';
import { MessageFacts } from './message-facts.tsx';
import { RecipientTable } from './recipient-table.tsx';
import { Timeline } from '../../../../../components/message/timeline.tsx';

interface MessagePageProps {
  readonly params: Promise<{ readonly message: string }>;
  readonly searchParams: SearchParams;
}

type Found = { readonly message: Message } | { readonly candidates: readonly z.infer<typeof candidate>[] };

/** The message of an address, by id or Message-ID. Asked once a request: reading leaves an admin record. */
const findMessage = cache(async (name: string): Promise<Found | null> => {
  const api = await memberApi();
  try {
    return { message: await api.call(routes.getMessage, { params: { message: name } }) };
  } catch (error) {
    if (isProblem(error, 'message_id_ambiguous')) return { candidates: error.problem.candidates ?? [] };
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed') || error instanceof TypeError) return null;
    throw error;
  }
});

/** A path's part as it was meant; one that is no percent-encoding is taken as it stands. */
function nameOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export async function generateMetadata() {
  const t = await getTranslations('admin.message');
  // Not the subject: titles stay in histories.
  return { title: t('title') };
}

export default async function MessagePage({ params, searchParams }: MessagePageProps) {
  const name = nameOf((await params).message);
  const { member, api } = await requireMember(messagePath(name));
  const found = await findMessage(name);
  if (found === null) notFound();
  if ('candidates' in found) return <CandidateList candidates={found.candidates} />;
  const { message } = found;
  const before = single((await searchParams)['before']);
  const t = await getTranslations('admin');
  const mayReadTrail = roleMay(member.role, 'audit:read');
  return (
    <>
      <Link href="/admin/messages" prefetch={false} className="inline-flex items-center gap-1 rounded text-sm text-quiet hover:text-ink">
        <ChevronLeft aria-hidden className="size-4" />
        {t('messages.title')}
      </Link>
      <div className="mt-2 flex flex-col gap-4 sm:flex-row sm:items-start sm:justify-between">
        <h1 className="min-w-0 text-xl font-semibold break-words">
          {message.subject === null ? t('messages.subjectHidden') : message.subject === '' ? t('messages.noSubject') : message.subject}
        </h1>
        {roleMay(member.role, 'messages:revoke') ? <Actions message={message} /> : null}
      </div>
      <MessageFacts message={message} />
      <Section id="recipients" title={t('recipients.title', { count: message.recipients.length })}>
        <RecipientTable recipients={message.recipients} />
      </Section>
      {mayReadTrail && message.recipients.some(({ revokedAt }) => revokedAt !== null) ? (
        <Suspense fallback={null}>
          <Exposure api={api} message={message.id} />
        </Suspense>
      ) : null}
      <AttachmentList attachments={message.attachments} originalOnly={message.originalOnly} />
      <Section id="timeline" title={t('timeline.title')} note={mayReadTrail ? t('timeline.note') : undefined}>
        {mayReadTrail ? (
          <Suspense key={before} fallback={<LoadingRows rows={5} />}>
            <MessageTimeline api={api} message={message} before={before} mayReadRecords={roleMay(member.role, 'admin:read')} />
          </Suspense>
        ) : (
          <p className="px-4 py-6 text-sm text-quiet">{t('timeline.notYours')}</p>
        )}
      </Section>
    </>
  );
}

function Actions({ message }: { readonly message: Message }) {
  const { recipients } = message;
  const inReach = recipients.filter(({ deliveryState, accessState }) => deliveryState !== 'passed' && accessState !== 'erased');
  return (
    <AccessActions
      message={message.id}
      changeAccess={changeAccess}
      signInPath="/admin"
      revocable={recipients.filter(({ isRevocable, revokedAt }) => isRevocable && revokedAt === null).map(({ address }) => address)}
      restorable={inReach.filter(({ revokedAt }) => revokedAt !== null).map(({ address }) => address)}
      unreachable={recipients.filter(({ deliveryState }) => deliveryState === 'passed').map(({ address }) => address)}
    />
  );
}

interface MessageTimelineProps {
  readonly api: Client;
  readonly message: Message;
  readonly before: string | undefined;
  readonly mayReadRecords: boolean;
}

const PAGE_SIZE = 200;

/** Asks for everything that the message's course is made of. */
async function MessageTimeline({ api, message, before, mayReadRecords }: MessageTimelineProps) {
  const { id, acceptedAt, tracking } = message;
  const to = before !== undefined && Number.isFinite(Date.parse(before)) ? { to: new Date(before).toISOString() } : {};
  const none = { items: [] };
  const [entries, records, changes] = await Promise.all([
    api.call(routes.listAuditEntries, { query: { messageId: id, limit: PAGE_SIZE, ...to } }),
    mayReadRecords
      ? api.call(routes.listAdminRecords, {
          query: { target: id, action: ['MessageRevoke', 'MessageRestore', 'MessageErase'], from: acceptedAt, limit: 500 },
        })
      : none,
    // A message under the default template is not touched by the switch.
    mayReadRecords && tracking.reason !== 'default_template'
      ? api.call(routes.listAdminRecords, { query: { action: ['ConfigurationChange'], from: acceptedAt, limit: 500 } })
      : none,
  ]);
  return (
    <Timeline
      sources={{
        entries: entries.items,
        more: entries.nextCursor !== null,
        records: records.items,
        changes: changes.items,
        gaps: tracking.gaps,
        before: to.to,
      }}
      addressOf={(instant) => addressOf(messagePath(id), { before: instant })}
      indexedThrough={entries.indexedThrough}
    />
  );
}
