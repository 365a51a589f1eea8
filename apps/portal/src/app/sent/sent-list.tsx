import type { Client } from '@signet/api-contract/client';
import type { MessageSummary } from '@signet/api-contract/messages';
import { routes } from '@signet/api-contract/routes';
import { Paperclip } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { isProblem } from '../../api/is-problem.ts';
import { LocalTime } from '../../components/local-time.tsx';
import { accessSummaryOf, deliverySummaryOf } from '../../components/message/state-summary.ts';
import { subjectText } from '../../components/subject-text.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { buttonClasses } from '../../components/ui/button.tsx';
import { sentPath } from './sent-path.ts';
import { searchAddress } from './sent-search-address.ts';
import type { SentSearchState } from './sent-search-address.ts';

const PAGE_SIZE = 25;

/** One page of the sender's messages, newest first. */
export async function SentList({ api, search }: { readonly api: Client; readonly search: SentSearchState }) {
  const t = await getTranslations('sent.list');
  const { text, filter, cursor } = search;
  const page = await api
    .call(routes.listSentMessages, {
      query: {
        limit: PAGE_SIZE,
        ...(text.trim() === '' ? {} : { text: text.trim() }),
        ...(filter === undefined ? {} : { state: [filter] }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    })
    .catch((error: unknown) => {
      if (isProblem(error, 'validation_failed')) return null;
      throw error;
    });
  if (page === null) return <Empty title={t('notUnderstood.title')} text={t('notUnderstood.text')} all={t('all')} />;
  if (page.items.length === 0) {
    const searched = text.trim() !== '' || filter !== undefined || cursor !== undefined;
    if (searched) return <Empty title={t('noneFound.title')} text={t('noneFound.text')} all={t('all')} />;
    return <Empty title={t('none.title')} text={t('none.text')} />;
  }
  const { nextCursor, previousCursor } = page;
  return (
    <>
      <ul className="divide-y divide-line">
        {page.items.map((message) => (
          <SentRow key={message.id} message={message} />
        ))}
      </ul>
      {nextCursor === null && previousCursor === null ? null : (
        <nav aria-label={t('pages')} className="flex items-center justify-between gap-3 border-t border-line px-4 py-3">
          {previousCursor === null ? (
            <span />
          ) : (
            <PageLink href={searchAddress({ text, filter, cursor: previousCursor })} label={t('newer')} />
          )}
          {nextCursor === null ? <span /> : <PageLink href={searchAddress({ text, filter, cursor: nextCursor })} label={t('older')} />}
        </nav>
      )}
    </>
  );
}

function SentRow({ message }: { readonly message: MessageSummary }) {
  const t = useTranslations('sent.list');
  const words = useTranslations('admin.messages');
  const locale = useLocale();
  const access = accessSummaryOf(message);
  const delivery = deliverySummaryOf(message);
  const { subject, recipients, recipientCount, attachmentCount } = message;
  const [first] = recipients;
  return (
    <li className="relative grid gap-x-6 gap-y-1 px-4 py-3.5 hover:bg-raised sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
      <div className="min-w-0">
        <p className="flex min-w-0 items-center gap-2">
          <Link
            href={sentPath(message.id)}
            prefetch={false}
            // The whole row leads there.
            className="min-w-0 font-medium break-words after:absolute after:inset-0"
          >
            {subjectText(subject, { hidden: t('subjectHidden'), none: t('noSubject'), hashed: t('subjectHashed') })}
          </Link>
          {attachmentCount === 0 ? null : (
            <span className="inline-flex shrink-0 items-center gap-0.5 text-xs text-quiet">
              <Paperclip aria-hidden className="size-3.5" />
              <span aria-hidden>{attachmentCount}</span>
              <span className="sr-only">{t('attachments', { count: attachmentCount })}</span>
            </span>
          )}
        </p>
        <p className="mt-0.5 text-sm break-words text-quiet">
          {t('to')} {first?.address ?? '–'}
          {recipientCount > 1 ? ` ${t('more', { count: recipientCount - 1 })}` : null}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 sm:justify-end">
        {delivery.tone === 'neutral' ? null : (
          <Badge tone={delivery.tone}>{words(`delivery.${delivery.state}`, { count: delivery.count, of: delivery.of })}</Badge>
        )}
        {access === null ? null : (
          <Badge tone={access.tone}>
            {words(`access.${access.state}`, {
              count: access.count,
              of: access.of,
              atLeast: String(recipientCount > recipients.length),
            })}
          </Badge>
        )}
        <span className="text-xs text-quiet tabular-nums">
          <LocalTime at={message.acceptedAt} locale={locale} dateStyle="medium" timeStyle="short" />
        </span>
      </div>
    </li>
  );
}

function PageLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Link href={href} prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
      {label}
    </Link>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  /** Name of the way back, where there is one. */
  readonly all?: string;
}

function Empty({ title, text, all }: EmptyProps) {
  return (
    <output className="block px-6 py-14 text-center">
      <p className="font-medium">{title}</p>
      <p className="mx-auto mt-1 max-w-md text-sm text-quiet">{text}</p>
      {all === undefined ? null : (
        <div className="mt-5">
          <PageLink href={searchAddress({})} label={all} />
        </div>
      )}
    </output>
  );
}
