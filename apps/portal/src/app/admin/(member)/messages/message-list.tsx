import type { MessageSummary } from '@signet/api-contract/messages';
import { Paperclip } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../components/local-time.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { messagePath } from '../page-address.ts';
import { listItem } from '../shortcut.ts';
import { accessSummaryOf, deliverySummaryOf } from '../../../../components/message/state-summary.ts';

const columns = ['subject', 'sender', 'recipients', 'sent', 'delivery', 'state'] as const;

/** Messages to compare: a table, whose rows become cards on a phone. */
export function MessageList({ messages }: { readonly messages: readonly MessageSummary[] }) {
  const t = useTranslations('admin.messages');
  return (
    <table className="block w-full text-sm md:table md:table-fixed">
      <caption className="sr-only">{t('title')}</caption>
      <thead className="hidden md:table-header-group">
        <tr className="text-left text-xs text-quiet">
          {columns.map((column) => (
            <th key={column} scope="col" className={headWidths[column]}>
              {t(`column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {messages.map((message) => (
          <MessageRow key={message.id} message={message} />
        ))}
      </tbody>
    </table>
  );
}

const head = 'px-3 py-2.5 font-medium first:pl-4 last:pr-4';
const headWidths = {
  subject: `${head} w-[32%] xl:w-[27%]`,
  sender: head,
  recipients: head,
  sent: `${head} w-34`,
  delivery: `${head} hidden w-28 xl:table-cell`,
  state: `${head} w-38`,
} as const satisfies Record<(typeof columns)[number], string>;

const space = 'px-4 md:px-3 md:py-2.5 md:align-middle md:first:pl-4 md:last:pr-4';
const cell = `block md:table-cell md:truncate ${space}`;

function MessageRow({ message }: { readonly message: MessageSummary }) {
  const t = useTranslations('admin.messages');
  const locale = useLocale();
  const access = accessSummaryOf(message);
  const delivery = deliverySummaryOf(message);
  const [first] = message.recipients;
  return (
    <tr className="relative grid gap-y-1 py-3 hover:bg-raised md:table-row md:py-0">
      <td className={`${cell} order-1`}>
        <div className="flex min-w-0 items-center gap-2">
          <Link
            {...listItem}
            href={messagePath(message.id)}
            prefetch={false}
            title={message.subject ?? undefined}
            // The whole row leads there.
            className="min-w-0 font-medium break-words after:absolute after:inset-0 md:truncate"
          >
            {message.subject === null ? t('subjectHidden') : message.subject === '' ? t('noSubject') : message.subject}
          </Link>
          {message.attachmentCount === 0 ? null : (
            <span className="inline-flex shrink-0 items-center gap-0.5 text-xs text-quiet">
              <Paperclip aria-hidden className="size-3.5" />
              <span aria-hidden>{message.attachmentCount}</span>
              <span className="sr-only">{t('attachments', { count: message.attachmentCount })}</span>
            </span>
          )}
        </div>
        {message.template === null ? null : <p className="hidden truncate text-xs text-quiet md:block">{message.template}</p>}
      </td>
      <td className={`${cell} order-2 truncate text-quiet md:text-ink`} title={message.sender}>
        <span className="md:hidden">{t('from')} </span>
        {message.sender}
      </td>
      <td className={`${cell} order-3 text-quiet md:text-ink`} title={message.recipients.map(({ address }) => address).join(', ')}>
        <span className="flex min-w-0 gap-1.5">
          <span className="md:hidden">{t('to')}</span>
          <span className="truncate">{first?.address ?? '–'}</span>
          {message.recipientCount > 1 ? (
            <span className="shrink-0 text-quiet">
              <span aria-hidden>+{message.recipientCount - 1}</span>
              <span className="sr-only">{t('moreRecipients', { count: message.recipientCount - 1 })}</span>
            </span>
          ) : null}
        </span>
      </td>
      <td className={`${cell} order-5 text-xs text-quiet tabular-nums`}>
        <LocalTime at={message.acceptedAt} locale={locale} dateStyle="short" timeStyle="short" />
      </td>
      <td className={`hidden xl:table-cell ${space}`}>
        <Badge tone={delivery.tone}>{t(`delivery.${delivery.state}`, { count: delivery.count, of: delivery.of })}</Badge>
      </td>
      <td className={`block order-4 md:table-cell ${space}`}>
        {access === null ? null : (
          <Badge tone={access.tone}>
            {t(`access.${access.state}`, {
              count: access.count,
              of: access.of,
              atLeast: String(message.recipientCount > message.recipients.length),
            })}
          </Badge>
        )}
        {delivery.tone === 'neutral' ? null : (
          <Badge tone={delivery.tone} className="ml-1.5 md:ml-0 lg:ml-1.5 xl:hidden">
            {t(`delivery.${delivery.state}`, { count: delivery.count, of: delivery.of })}
          </Badge>
        )}
      </td>
    </tr>
  );
}
