import type { MessageSummary } from '@signet/api-contract/messages';
import { Paperclip } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { LocalTime } from '../../../../components/local-time.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { sizeText } from '../../../../components/size-text.ts';
import { subjectText } from '../../../../components/subject-text.ts';
import { Badge } from '../../../../components/ui/badge.tsx';
import { messagePath } from '../page-address.ts';
import { listItem } from '../shortcut.ts';
import { accessSummaryOf, deliverySummaryOf } from '../../../../components/message/state-summary.ts';
import type { MessageColumn } from '../columns.ts';

interface MessageListProps {
  readonly messages: readonly MessageSummary[];
  readonly columns: readonly MessageColumn[];
}

/** Messages to compare: a table, whose rows become cards on a phone. */
export function MessageList({ messages, columns }: MessageListProps) {
  const t = useTranslations('admin.messages');
  return (
    <table className="block w-full text-sm md:table md:table-fixed">
      <caption className="sr-only">{t('title')}</caption>
      <thead className="hidden md:table-header-group">
        <tr className="text-left text-xs text-quiet">
          <th scope="col" className={`${head} ${columns.length > 5 ? 'w-[22%]' : 'w-[27%]'}`}>
            {t('column.subject')}
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" className={`${head} ${places[column].head}`}>
              {t(`column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {messages.map((message) => (
          <MessageRow key={message.id} message={message} columns={columns} />
        ))}
      </tbody>
    </table>
  );
}

const head = 'px-3 py-2.5 font-medium first:pl-4 last:pr-4';
const space = 'px-4 md:px-3 md:py-2.5 md:align-middle md:first:pl-4 md:last:pr-4';
const cell = `md:truncate ${space}`;

/** How wide a column is, where it stands in a card, and on how narrow a window it is left out. */
const places = {
  sender: { head: '', cell: 'block md:table-cell order-2 truncate text-quiet md:text-ink' },
  recipients: { head: '', cell: 'block md:table-cell order-3 text-quiet md:text-ink' },
  sent: { head: 'w-44', cell: 'block md:table-cell order-5 text-xs text-quiet tabular-nums' },
  template: { head: 'hidden w-32 lg:table-cell', cell: 'hidden lg:table-cell' },
  size: { head: 'hidden w-22 lg:table-cell', cell: 'hidden lg:table-cell text-xs text-quiet tabular-nums' },
  expires: { head: 'hidden w-44 xl:table-cell', cell: 'hidden xl:table-cell text-xs text-quiet tabular-nums' },
  delivery: { head: 'hidden w-26 xl:table-cell', cell: 'hidden xl:table-cell' },
  state: { head: 'w-36', cell: 'block md:table-cell order-4' },
} as const satisfies Record<MessageColumn, { head: string; cell: string }>;

function MessageRow({ message, columns }: { readonly message: MessageSummary; readonly columns: readonly MessageColumn[] }) {
  const t = useTranslations('admin.messages');
  return (
    <tr className="relative grid gap-y-1 py-3 hover:bg-raised has-[[data-list-item]:focus-visible]:bg-raised md:table-row md:py-0">
      <td className={`block md:table-cell ${cell} order-1`}>
        <div className="flex min-w-0 items-center gap-2">
          <Link
            {...listItem}
            href={messagePath(message.id)}
            prefetch={false}
            title={message.subject ?? undefined}
            // The whole row leads there.
            className="min-w-0 font-medium break-words after:absolute after:inset-0 md:truncate"
          >
            <bdi>{subjectText(message.subject, { hidden: t('subjectHidden'), none: t('noSubject'), hashed: t('subjectHashed') })}</bdi>
          </Link>
          {message.attachmentCount === 0 ? null : (
            <span className="inline-flex shrink-0 items-center gap-0.5 text-xs text-quiet">
              <Paperclip aria-hidden className="size-3.5" />
              <span aria-hidden>{message.attachmentCount}</span>
              <span className="sr-only">{t('attachments', { count: message.attachmentCount })}</span>
            </span>
          )}
        </div>
      </td>
      {columns.map((column) => (
        <td key={column} className={`${cell} ${places[column].cell}`}>
          <Value column={column} message={message} alone={!columns.includes('delivery')} />
        </td>
      ))}
    </tr>
  );
}

interface ValueProps {
  readonly column: MessageColumn;
  readonly message: MessageSummary;
  /** There is no column for the delivery: the state's has to say what is wrong with it. */
  readonly alone: boolean;
}

function Value({ column, message, alone }: ValueProps): ReactNode {
  const t = useTranslations('admin.messages');
  const locale = useLocale();
  switch (column) {
    case 'sender':
      return (
        <span title={message.sender}>
          <span className="md:hidden">{t('from')} </span>
          <bdi>{plainText(message.sender)}</bdi>
        </span>
      );
    case 'recipients':
      return <Recipients message={message} />;
    case 'sent':
      return <LocalTime at={message.acceptedAt} locale={locale} />;
    case 'template':
      return message.template ?? '–';
    case 'size':
      return sizeText(message.size, locale);
    case 'expires':
      return message.expiresAt === null ? t('never') : <LocalTime at={message.expiresAt} locale={locale} />;
    case 'delivery':
      return <Delivery message={message} />;
    case 'state':
      return <State message={message} alone={alone} />;
    default:
      return column satisfies never;
  }
}

function Recipients({ message: { recipients, recipientCount } }: { readonly message: MessageSummary }) {
  const t = useTranslations('admin.messages');
  const [first] = recipients;
  return (
    <span className="flex min-w-0 gap-1.5" title={recipients.map(({ address }) => address).join(', ')}>
      <span className="md:hidden">{t('to')}</span>
      <bdi className="truncate">{first === undefined ? '–' : plainText(first.address)}</bdi>
      {recipientCount > 1 ? (
        <span className="shrink-0 text-quiet">
          <span aria-hidden>+{recipientCount - 1}</span>
          <span className="sr-only">{t('moreRecipients', { count: recipientCount - 1 })}</span>
        </span>
      ) : null}
    </span>
  );
}

function Delivery({ message, className }: { readonly message: MessageSummary; readonly className?: string }) {
  const t = useTranslations('admin.messages');
  const { tone, state, count, of } = deliverySummaryOf(message);
  return (
    <Badge tone={tone} className={className}>
      {t(`delivery.${state}`, { count, of })}
    </Badge>
  );
}

function State({ message, alone }: { readonly message: MessageSummary; readonly alone: boolean }) {
  const t = useTranslations('admin.messages');
  const access = accessSummaryOf(message);
  const atLeast = String(message.recipientCount > message.recipients.length);
  return (
    <>
      {access === null ? null : (
        <Badge tone={access.tone}>{t(`access.${access.state}`, { count: access.count, of: access.of, atLeast })}</Badge>
      )}
      {deliverySummaryOf(message).tone === 'neutral' ? null : (
        <Delivery message={message} className={`ml-1.5 md:ml-0 lg:ml-1.5 ${alone ? '' : 'xl:hidden'}`} />
      )}
    </>
  );
}
