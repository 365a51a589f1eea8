import type { Message } from '@signet/api-contract/messages';
import type { candidate } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import { ChevronLeft } from 'lucide-react';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache, Suspense } from 'react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { isUnaskable } from '../../../../api/is-unaskable.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { LocalTime } from '../../../../components/local-time.tsx';
import { AccessActions } from '../../../../components/message/access-actions.tsx';
import { expiringMessageOf } from '../../../../components/message/expiry-change.ts';
import { ExpiryDialog } from '../../../../components/message/expiry-dialog.tsx';
import { ReportLink } from '../../../../components/message/report-link.tsx';
import { TrackingWords } from '../../../../components/message/tracking-words.tsx';
import { sizeText } from '../../../../components/size-text.ts';
import { subjectText } from '../../../../components/subject-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { SenderFrame } from '../../sender-frame.tsx';
import { requireSender, senderApi } from '../../sender-session.ts';
import { SENT_PAGE, sentPath } from '../../sent-path.ts';
import { changeSentAccess } from './change-access.ts';
import { changeSentExpiry } from './change-expiry.ts';
import { RecipientCards } from './recipient-cards.tsx';
import { SentTimeline } from './sent-timeline.tsx';

interface SentMessagePageProps {
  readonly params: Promise<{ readonly message: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

type Found = { readonly message: Message } | { readonly candidates: readonly z.infer<typeof candidate>[] };

/** The message of an address, by id or Message-ID. Asked once a request: reading leaves an admin record. */
const findMessage = cache(async (name: string): Promise<Found | null> => {
  const api = await senderApi();
  try {
    return { message: await api.call(routes.getSentMessage, { params: { message: name } }) };
  } catch (error) {
    if (isProblem(error, 'message_id_ambiguous')) return { candidates: error.problem.candidates ?? [] };
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed') || isUnaskable(error)) return null;
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
  const t = await getTranslations('sent.message');
  // Not the subject: titles stay in histories.
  return { title: t('title') };
}

export default async function SentMessagePage({ params, searchParams }: SentMessagePageProps) {
  const name = nameOf((await params).message);
  const { sender, api } = await requireSender(sentPath(name));
  const found = await findMessage(name);
  if (found === null) notFound();
  if ('candidates' in found) {
    return (
      <SenderFrame sender={sender}>
        <Candidates candidates={found.candidates} />
      </SenderFrame>
    );
  }
  const { message } = found;
  const before = (await searchParams)['before'];
  const t = await getTranslations('sent.message');
  return (
    <SenderFrame sender={sender}>
      <Link href={SENT_PAGE} prefetch={false} className="inline-flex items-center gap-1 rounded text-sm text-quiet hover:text-ink">
        <ChevronLeft aria-hidden className="size-4" />
        {t('back')}
      </Link>
      <Head message={message} />
      <Part id="recipients" title={t('recipients', { count: message.recipients.length })}>
        <RecipientCards recipients={message.recipients} />
      </Part>
      <Part id="tracking" title={t('tracking')}>
        <div className="space-y-1.5 px-4 py-3.5 text-sm">
          <TrackingWords tracking={message.tracking} />
          <p className="text-quiet">{t('trackingNote')}</p>
        </div>
      </Part>
      <Attachments message={message} />
      <Part id="report" title={t('report')}>
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3.5">
          <p className="min-w-0 text-sm text-quiet">{t('reportText')}</p>
          <ReportLink path={`${sentPath(message.id)}/exposure`} label={t('openReport')} />
        </div>
      </Part>
      <Part id="timeline" title={t('timeline')} note={t('timelineNote')}>
        <Suspense key={String(before)} fallback={<LoadingRows rows={5} />}>
          <SentTimeline api={api} message={message} before={typeof before === 'string' ? before : undefined} />
        </Suspense>
      </Part>
    </SenderFrame>
  );
}

async function Head({ message }: { readonly message: Message }) {
  const t = await getTranslations('sent.message');
  const list = await getTranslations('sent.list');
  const locale = await getLocale();
  const { subject, recipients, acceptedAt, expiresAt } = message;
  const inReach = recipients.filter(({ unwrapped, accessState }) => !unwrapped && accessState !== 'erased');
  const isOver = recipients.some(({ accessState }) => accessState === 'expired');
  const held = inReach.filter(({ revocationOf }) => revocationOf === 'organization').length;
  return (
    <div className="mt-2 flex flex-col gap-4 sm:flex-row sm:items-start sm:justify-between">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold break-words">
          {subjectText(subject, { hidden: list('subjectHidden'), none: list('noSubject'), hashed: list('subjectHashed') })}
          {message.subjectRecorded === 'truncated' ? (
            <span className="mt-1 block text-sm font-normal text-quiet">{list('subjectCut')}</span>
          ) : null}
        </h1>
        <p className="mt-1 text-sm text-quiet">
          {t.rich('sentAt', { time: timeTag(acceptedAt, locale) })}
          {expiresAt === null ? null : <> · {t.rich(isOver ? 'expiredAt' : 'expiresAt', { time: timeTag(expiresAt, locale) })}</>}
        </p>
        {held === 0 ? null : <p className="mt-1 text-sm">{t('held', { count: held })}</p>}
      </div>
      <div className="flex flex-col gap-2 sm:flex-row">
        <ExpiryDialog message={expiringMessageOf(message)} changeExpiry={changeSentExpiry} signInPath={SENT_PAGE} />
        <AccessActions
          message={message.id}
          changeAccess={changeSentAccess}
          signInPath={SENT_PAGE}
          revocable={recipients.filter(({ isRevocable, revokedAt }) => isRevocable && revokedAt === null).map(({ address }) => address)}
          restorable={inReach.filter(({ revocationOf }) => revocationOf === 'sender').map(({ address }) => address)}
          unreachable={recipients.filter(({ unwrapped }) => unwrapped).map(({ address }) => address)}
        />
      </div>
    </div>
  );
}

async function Attachments({ message: { attachments, originalOnly } }: { readonly message: Message }) {
  const t = await getTranslations('sent.message');
  const locale = await getLocale();
  if (attachments.length === 0 && !originalOnly) return null;
  return (
    <Part id="attachments" title={t('attachments', { count: attachments.length })}>
      {originalOnly ? <p className="px-4 py-3 text-sm text-quiet">{t('originalOnly')}</p> : null}
      <ul className="divide-y divide-line text-sm">
        {attachments.map(({ name, size, sha256 }, index) => (
          <li key={`${index} ${sha256}`} className="flex flex-wrap items-baseline gap-x-3 px-4 py-3">
            <span className="min-w-0 font-medium break-all">{name}</span>
            <span className="text-quiet">{sizeText(size, locale)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

async function Candidates({ candidates }: { readonly candidates: readonly z.infer<typeof candidate>[] }) {
  const t = await getTranslations('sent');
  const locale = await getLocale();
  return (
    <>
      <h1 className="text-xl font-semibold">{t('candidates.title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t('candidates.text')}</p>
      <Card className="mt-4 overflow-hidden">
        <ul className="divide-y divide-line">
          {candidates.map(({ id, subject, acceptedAt }) => (
            <li key={id} className="relative px-4 py-3 text-sm hover:bg-raised">
              <Link href={sentPath(id)} prefetch={false} className="font-medium break-words after:absolute after:inset-0">
                {subjectText(subject, {
                  hidden: t('list.subjectHidden'),
                  none: t('list.noSubject'),
                  hashed: t('list.subjectHashed'),
                })}
              </Link>
              <p className="text-quiet">
                <LocalTime at={acceptedAt} locale={locale} />
              </p>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

interface PartProps {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

/** A part of the page under its own heading. */
function Part({ id, title, note, children }: PartProps) {
  return (
    <section aria-labelledby={id} className="mt-6">
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {note === undefined ? null : <p className="text-sm text-quiet">{note}</p>}
      <Card className="mt-2 overflow-hidden">{children}</Card>
    </section>
  );
}
