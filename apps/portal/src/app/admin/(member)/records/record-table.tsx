import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { LocalTime } from '../../../../components/local-time.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { Badge } from '../../../../components/ui/badge.tsx';
import { CardCell, CardRow, CardTable } from '../../../../components/ui/card-table.tsx';
import { messagePath } from '../page-address.ts';
import { listItem } from '../shortcut.ts';
import { changesOf } from './record-changes.ts';
import { recordsPath } from './record-filters.ts';
import { recordPath } from './record-path.ts';

interface RecordTableProps {
  readonly records: readonly AdminRecord[];
  /** Names of the API keys, by id, as far as the member may know them. */
  readonly keyNames: ReadonlyMap<string, string>;
  /** Whether all that is on record stands beside the table: then no row opens to it. */
  readonly isWhole?: boolean;
}

/** Administrative acts, the refused ones marked; each opens to all that its record holds. */
export function RecordTable({ records, keyNames, isWhole = false }: RecordTableProps) {
  const t = useTranslations('admin.records');
  return (
    <CardTable
      caption={t('title')}
      columns={[
        { name: 'when', label: t('column.when'), className: 'w-42' },
        { name: 'what', label: t('column.what'), className: 'w-[25%]' },
        { name: 'who', label: t('column.who'), className: 'w-[22%]' },
        { name: 'change', label: t('column.change') },
      ]}
    >
      {records.map((record) => (
        <RecordRow key={record.id} record={record} keyNames={keyNames} isWhole={isWhole} />
      ))}
    </CardTable>
  );
}

interface RecordRowProps {
  readonly record: AdminRecord;
  readonly keyNames: ReadonlyMap<string, string>;
  readonly isWhole: boolean;
}

function RecordRow({ record, keyNames, isWhole }: RecordRowProps) {
  const t = useTranslations('admin');
  const locale = useLocale();
  const { action, actor, target, status, clientIp } = record;
  const who = actor.address ?? actor.id;
  const name = who === null ? undefined : keyNames.get(who);
  return (
    <CardRow className="hover:bg-raised/60">
      <CardCell className="text-xs text-quiet tabular-nums">
        <LocalTime at={record.creationTime} locale={locale} timeStyle="medium" />
      </CardCell>
      <CardCell className="break-words">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {t(`records.action.${action}`)}
          {status === 'Failure' ? <Badge tone="danger">{t('records.refused')}</Badge> : null}
        </span>
        {target.id === null ? null : (
          <span className="text-xs break-all text-quiet">
            {target.kind === 'message' ? (
              <Link
                href={messagePath(target.id)}
                prefetch={false}
                className="inline-block py-1 underline underline-offset-2 hover:text-ink"
              >
                {target.id}
              </Link>
            ) : (
              plainText(keyNames.get(target.id) ?? target.id)
            )}
          </span>
        )}
      </CardCell>
      <CardCell className="break-words">
        {who === null ? (
          t(`timeline.actor.${actor.kind}`)
        ) : (
          <Link
            href={recordsPath({ actor: who })}
            prefetch={false}
            title={t('records.sameActor')}
            className="inline-block py-0.5 break-all hover:underline hover:underline-offset-2"
          >
            {plainText(name ?? who)}
          </Link>
        )}
        <span className="block text-xs text-quiet">
          {[who === null ? null : t(`timeline.actor.${actor.kind}`), clientIp].filter((part) => part !== null && part !== '').join(' · ')}
        </span>
      </CardCell>
      <CardCell className="text-xs break-words text-quiet">
        <Changes record={record} />
        {isWhole ? null : <Detail record={record} />}
      </CardCell>
    </CardRow>
  );
}

/** Why, and what it was before and after. */
function Changes({ record }: { readonly record: AdminRecord }) {
  const t = useTranslations('admin');
  const { reason } = record;
  return (
    <>
      {reason === null || reason === '' ? null : <p>{t('timeline.reason', { reason: plainText(reason) })}</p>}
      {changesOf(record).map(({ name, before, after }) => (
        <p key={name}>
          {name}:{' '}
          {before === null ? null : (
            <>
              <del className="decoration-quiet/60">{plainText(before)}</del> <span aria-hidden>→</span>
              <span className="sr-only">{t('records.became')}</span>{' '}
            </>
          )}
          <ins className="text-ink no-underline">{after === null ? '–' : plainText(after)}</ins>
        </p>
      ))}
    </>
  );
}

/** The rest of what is on record, for whoever has to prove it. */
function Detail({ record }: { readonly record: AdminRecord }) {
  const t = useTranslations('admin.records.detail');
  const locale = useLocale();
  return (
    <details className="group mt-1">
      <summary {...listItem} className="w-fit cursor-pointer rounded text-quiet underline underline-offset-2 hover:text-ink">
        {t('open')}
      </summary>
      <Link href={recordPath(record.id)} prefetch={false} className="mt-1 inline-block py-1 underline underline-offset-2 hover:text-ink">
        {t('proof')}
      </Link>
      <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 rounded-lg bg-raised p-2.5">
        <Fact name={t('id')}>
          <code className="font-mono break-all">{record.id}</code>
        </Fact>
        <Fact name={t('logIndex')}>{record.logIndex}</Fact>
        <Fact name={t('recordedAt')}>
          <LocalTime at={record.recordedAt} locale={locale} timeStyle="medium" />
        </Fact>
        <Fact name={t('target')}>{[record.target.kind, record.target.id].filter((part) => part !== null).join(' ')}</Fact>
        <Fact name={t('actor')}>{[record.actor.kind, record.actor.id].filter((part) => part !== null).join(' ')}</Fact>
        {record.userAgent === null ? null : <Fact name={t('userAgent')}>{plainText(record.userAgent)}</Fact>}
        {record.before === null ? null : <Fact name={t('before')}>{json(record.before)}</Fact>}
        {record.after === null ? null : <Fact name={t('after')}>{json(record.after)}</Fact>}
      </dl>
    </details>
  );
}

function json(value: AdminRecord['before']): ReactNode {
  return <code className="font-mono break-all whitespace-pre-wrap">{plainText(JSON.stringify(value, null, 1))}</code>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words text-ink">{children}</dd>
    </>
  );
}
