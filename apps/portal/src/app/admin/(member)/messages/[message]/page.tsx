import type { Message, MessageHistory } from '@signet/api-contract/messages';
import type { candidate } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import type { z } from 'zod';
import { isProblem } from '../../../../../api/is-problem.ts';
import { isUnaskable } from '../../../../../api/is-unaskable.ts';
import { subjectText } from '../../../../../components/subject-text.ts';
import { memberApi, requireMember } from '../../../member-session.ts';
import { BackLink } from '../../back-link.tsx';
import { HoldMessage } from '../../holds/hold-message.tsx';
import { HoldNotice } from '../../holds/hold-notice.tsx';
import { addressOf, messagePath, nameIn, single } from '../../page-address.ts';
import type { SearchParams } from '../../page-address.ts';
import { Section } from '../../section.tsx';
import { AccessActions } from '../../../../../components/message/access-actions.tsx';
import { expiringMessageOf } from '../../../../../components/message/expiry-change.ts';
import { ExpiryDialog } from '../../../../../components/message/expiry-dialog.tsx';
import { AttachmentList } from './attachment-list.tsx';
import { changeAccess } from './change-access.ts';
import { changeExpiry } from './change-expiry.ts';
import { CandidateList } from './candidate-list.tsx';
import { Exposure } from './exposure.tsx';
import { MessageFacts } from './message-facts.tsx';
import { RecipientTable } from './recipient-table.tsx';
import { ResendDialog } from './resend-dialog.tsx';
import { Timeline } from '../../../../../components/message/timeline.tsx';

interface MessagePageProps {
  readonly params: Promise<{ readonly message: string }>;
  readonly searchParams: SearchParams;
}

type Found = { readonly history: MessageHistory } | { readonly candidates: readonly z.infer<typeof candidate>[] };

/** The message of an address, by id or Message-ID, with all that is on record about it: one reading, which leaves one admin record. */
const findMessage = cache(async (name: string, before: string | undefined): Promise<Found | null> => {
  const api = await memberApi();
  try {
    return { history: await api.call(routes.getMessageHistory, { params: { message: name }, query: { before } }) };
  } catch (error) {
    if (isProblem(error, 'message_id_ambiguous')) return { candidates: error.problem.candidates ?? [] };
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed') || isUnaskable(error)) return null;
    throw error;
  }
});

export async function generateMetadata() {
  const t = await getTranslations('admin.message');
  // Not the subject: titles stay in histories.
  return { title: t('title') };
}

export default async function MessagePage({ params, searchParams }: MessagePageProps) {
  const name = nameIn((await params).message);
  const { member } = await requireMember(messagePath(name));
  const before = instantOf(single((await searchParams)['before']));
  const found = await findMessage(name, before);
  if (found === null) notFound();
  if ('candidates' in found) return <CandidateList candidates={found.candidates} />;
  const { message, exposure, trail, holds } = found.history;
  const t = await getTranslations('admin');
  return (
    <>
      <BackLink href="/admin/messages">{t('messages.title')}</BackLink>
      <div className="mt-2 flex flex-col gap-4 sm:flex-row sm:items-start sm:justify-between">
        <h1 className="min-w-0 text-xl font-semibold break-words">
          {subjectText(message.subject, {
            hidden: t('messages.subjectHidden'),
            none: t('messages.noSubject'),
            hashed: t('messages.subjectHashed'),
          })}
          {message.subjectRecorded === 'truncated' ? (
            <span className="mt-1 block text-sm font-normal text-quiet">{t('messages.subjectCut')}</span>
          ) : null}
        </h1>
        <div className="flex flex-col gap-2 sm:flex-row sm:flex-wrap sm:justify-end">
          {roleMay(member.role, 'messages:resend') ? <ResendDialog message={message.id} addresses={resendableOf(message)} /> : null}
          {roleMay(member.role, 'messages:write') ? (
            <ExpiryDialog message={expiringMessageOf(message)} changeExpiry={changeExpiry} signInPath="/admin" />
          ) : null}
          {roleMay(member.role, 'holds:write') ? <HoldMessage message={message.id} /> : null}
          {roleMay(member.role, 'messages:revoke') ? <Actions message={message} /> : null}
        </div>
      </div>
      {holds === null ? null : <HoldNotice holds={holds} />}
      <MessageFacts message={message} />
      <Section id="recipients" title={t('recipients.title', { count: message.recipients.length })}>
        <RecipientTable recipients={message.recipients} />
      </Section>
      {exposure === null ? null : <Exposure report={exposure} message={message.id} />}
      <AttachmentList attachments={message.attachments} originalOnly={message.originalOnly} />
      <Section id="timeline" title={t('timeline.title')} note={trail === null ? undefined : t('timeline.note')}>
        {trail === null ? (
          <p className="px-4 py-6 text-sm text-quiet">{t('timeline.notYours')}</p>
        ) : (
          <Timeline
            sources={sourcesOf(found.history, before)}
            addressOf={(instant) => addressOf(messagePath(message.id), { before: instant })}
            indexedThrough={trail.indexedThrough}
          />
        )}
      </Section>
    </>
  );
}

function Actions({ message }: { readonly message: Message }) {
  const { recipients } = message;
  const inReach = recipients.filter(({ unwrapped, accessState }) => !unwrapped && accessState !== 'erased');
  return (
    <AccessActions
      message={message.id}
      changeAccess={changeAccess}
      signInPath="/admin"
      revocable={recipients
        .filter(({ isRevocable, revocationOf }) => isRevocable && revocationOf !== 'organization')
        .map(({ address }) => address)}
      restorable={inReach.filter(({ revokedAt }) => revokedAt !== null).map(({ address }) => address)}
      unreachable={recipients.filter(({ unwrapped }) => unwrapped).map(({ address }) => address)}
    />
  );
}

/** Those whom a mail with the link would lead to the message. */
function resendableOf({ recipients }: Message): string[] {
  const closed = ['revoked', 'expired', 'erased'];
  return recipients
    .filter(({ unwrapped, accessState }) => !unwrapped && (accessState === null || !closed.includes(accessState)))
    .map(({ address }) => address);
}

function isSwitch({ action }: { readonly action: string }): boolean {
  return action === 'ConfigurationChange';
}

/** What a timeline is made of. */
function sourcesOf({ message, trail, acts }: MessageHistory, before: string | undefined): Parameters<typeof Timeline>[0]['sources'] {
  return {
    entries: trail?.items ?? [],
    more: trail?.more ?? false,
    records: acts?.filter((act) => !isSwitch(act)) ?? [],
    changes: acts?.filter(isSwitch) ?? [],
    gaps: message.tracking.gaps,
    removed: trail?.removed ?? null,
    before,
  };
}

/** An instant in the form that the api takes; what is none counts as left out. */
function instantOf(text: string | undefined): string | undefined {
  return text !== undefined && Number.isFinite(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}
