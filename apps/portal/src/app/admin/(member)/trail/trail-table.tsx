import type { AuditEntry } from '@signet/domain/audit/entry';
import { MAIL_SUBJECT } from '@signet/domain/audit/unknown-properties';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { CopyText } from '../../../../components/copy-text.tsx';
import { LocalTime } from '../../../../components/local-time.tsx';
import { EntryOrigin, TouchVerdict } from '../../../../components/message/entry-line.tsx';
import { useEntryWords } from '../../../../components/message/use-entry-words.ts';
import { plainText } from '../../../../components/plain-text.ts';
import { messageName } from '../../../../components/subject-text.ts';
import { Badge } from '../../../../components/ui/badge.tsx';
import { CardCell, CardRow, CardTable } from '../../../../components/ui/card-table.tsx';
import type { TrailColumn } from '../columns.ts';
import { messagePath } from '../page-address.ts';
import { listItem } from '../shortcut.ts';
import { entryPath } from './entry-path.ts';
import { trailPath } from './trail-filters.ts';

interface TrailTableProps {
  readonly entries: readonly AuditEntry[];
  readonly columns: readonly TrailColumn[];
  /** Whether all that is on record stands beside the table: then no row opens to it. */
  readonly isWhole?: boolean;
}

/** Audit entries, those that failed marked; each opens to the whole of it. */
export function TrailTable({ entries, columns, isWhole = false }: TrailTableProps) {
  const t = useTranslations('admin.trail');
  return (
    <CardTable
      caption={t('title')}
      columns={[
        { name: 'when', label: t('column.when'), className: 'w-42' },
        { name: 'what', label: t('column.what'), className: columns.length > 4 ? 'w-[20%]' : 'w-[26%]' },
        ...columns.map((name) => ({ name, label: t(`column.${name}`), className: name === 'logIndex' ? 'w-24' : '' })),
      ]}
    >
      {entries.map((entry) => (
        <EntryRow key={entry.id} entry={entry} columns={columns} isWhole={isWhole} />
      ))}
    </CardTable>
  );
}

interface EntryRowProps {
  readonly entry: AuditEntry;
  readonly columns: readonly TrailColumn[];
  readonly isWhole: boolean;
}

function EntryRow({ entry, columns, isWhole }: EntryRowProps) {
  const t = useTranslations('admin');
  const locale = useLocale();
  const { what, failed } = useEntryWords(entry);
  return (
    <CardRow className="hover:bg-raised/60">
      <CardCell className="text-xs text-quiet tabular-nums">
        <LocalTime at={entry.creationTime} locale={locale} timeStyle="medium" />
      </CardCell>
      <CardCell className="break-words">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {what}
          {failed ? <Badge tone="danger">{t('timeline.failed')}</Badge> : null}
        </span>
        <div className="text-xs font-normal text-quiet">
          <TouchVerdict entry={entry} />
          {entry.source === 'signet' ? null : t('trail.statedBy', { source: plainText(entry.source) })}
        </div>
        {isWhole ? null : <Whole entry={entry} />}
      </CardCell>
      {columns.map((column) => {
        const Cell = cells[column];
        return (
          <CardCell key={column} label={t(`trail.column.${column}`)} className="text-xs break-words text-quiet">
            <Cell entry={entry} />
          </CardCell>
        );
      })}
    </CardRow>
  );
}

type EntryProps = { readonly entry: AuditEntry };

/** What each column says of an entry. */
const cells = {
  message: MessageName,
  recipients: Recipients,
  sender: Sender,
  actor: Doer,
  origin: EntryOrigin,
  source: ({ entry }: EntryProps) => plainText(entry.source),
  logIndex: ({ entry }: EntryProps) => <span className="tabular-nums">{entry.logIndex}</span>,
} as const satisfies Record<TrailColumn, (props: EntryProps) => ReactNode>;

function Recipients({ entry: { recipients } }: EntryProps) {
  const t = useTranslations('admin.trail');
  const [first, ...others] = recipients;
  if (first === undefined) return null;
  return (
    <>
      <TrailLink href={trailPath({ recipient: first })} title={t('sameRecipient')} text={first} />
      {others.length === 0 ? null : <span className="block">{t('more', { count: others.length })}</span>}
    </>
  );
}

function Sender({ entry: { sender } }: EntryProps) {
  const t = useTranslations('admin.trail');
  return <TrailLink href={trailPath({ sender })} title={t('sameSender')} text={sender} />;
}

function Doer({ entry: { actor } }: EntryProps) {
  const t = useTranslations('admin.timeline.actor');
  return plainText([t(actor.kind), actor.address].filter(Boolean).join(' '));
}

/** The message's page where Signet has it, and all of its steps. */
function MessageName({ entry }: EntryProps) {
  const t = useTranslations('admin.trail');
  const { messageId, messageUid } = entry;
  const subject = entry.operationProperties.find(({ name }) => name === MAIL_SUBJECT)?.value ?? null;
  return (
    <>
      <TrailLink href={trailPath({ messageId })} title={t('sameMessage')} text={messageName({ subject, messageId })} />
      {messageUid === null ? null : (
        <Link href={messagePath(messageUid)} prefetch={false} className="inline-block py-1 underline underline-offset-2 hover:text-ink">
          {t('message')}
        </Link>
      )}
    </>
  );
}

function TrailLink({ href, title, text }: { readonly href: string; readonly title: string; readonly text: string }) {
  return (
    <Link href={href} prefetch={false} title={title} className="block truncate py-1 text-ink hover:underline hover:underline-offset-2">
      {plainText(text)}
    </Link>
  );
}

/** Everything that is on record, as the api gives it: for whoever has to prove it, or to pass it on. */
function Whole({ entry }: EntryProps) {
  const t = useTranslations('admin.trail.detail');
  const text = JSON.stringify(entry, null, 2);
  return (
    <details className="group mt-1 text-xs font-normal">
      <summary {...listItem} className="w-fit cursor-pointer rounded py-1 text-quiet underline underline-offset-2 hover:text-ink">
        {t('open')}
      </summary>
      <Link
        href={entryPath(entry.id)}
        prefetch={false}
        className="mt-1 inline-block py-1 text-quiet underline underline-offset-2 hover:text-ink"
      >
        {t('proof')}
      </Link>
      <div className="relative mt-1.5 rounded-lg bg-raised p-2.5 md:w-[min(60vw,44rem)]">
        <div className="absolute top-1 right-1">
          <CopyText text={text} label={t('copy')} doneLabel={t('copied')} />
        </div>
        <code className="font-mono break-all whitespace-pre-wrap text-ink">{plainText(text)}</code>
      </div>
    </details>
  );
}
