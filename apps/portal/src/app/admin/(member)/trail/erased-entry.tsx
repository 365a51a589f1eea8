import type { AuditEntryErasure } from '@signet/api-contract/audit-erasures';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../components/local-time.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { BackLink } from '../back-link.tsx';
import { Code, Fact } from '../fact.tsx';
import { Section } from '../section.tsx';

/** What is left of an entry that was erased by law: its place, its log entry, and who had it erased and why. */
export function ErasedEntry({ left, mayReadRecords }: { readonly left: AuditEntryErasure; readonly mayReadRecords: boolean }) {
  const t = useTranslations('log');
  const locale = useLocale();
  const { logIndex, hash, removedAt, record, erasure } = left;
  return (
    <>
      <BackLink href="/admin/trail">{t('logged.audit.back')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('logged.audit.title')}</h1>
      <div className="mt-4">
        <Alert tone="note">{t('erasure.erased')}</Alert>
      </div>
      <Section id="left" title={t('erasure.left')} note={t('erasure.leftText')}>
        <dl className="divide-y divide-line text-sm">
          <Fact name={t('proof.logIndex')}>{logIndex}</Fact>
          <Fact name={t('proof.hash')}>
            <Code text={hash} copy={t('proof.copy', { what: t('proof.hash') })} />
          </Fact>
          <Fact name={t('erasure.at')}>{removedAt === null ? null : <LocalTime at={removedAt} locale={locale} timeStyle="medium" />}</Fact>
          <Fact name={t('erasure.by')}>{plainText(erasure.createdBy ?? '–')}</Fact>
          <Fact name={t('erasure.why')}>
            <span className="break-words">{plainText(erasure.reason)}</span>
          </Fact>
          {record === null ? null : (
            <Fact name={t('erasure.record')}>
              {mayReadRecords ? (
                <Link href={`/admin/records/${record}`} prefetch={false} className="underline underline-offset-2">
                  {t('erasure.toRecord')}
                </Link>
              ) : (
                <Code text={record} />
              )}
            </Fact>
          )}
        </dl>
      </Section>
    </>
  );
}

/** That an entry is to be erased, or that a hold came first; nothing where nobody asked. */
export function ErasureNote({ left }: { readonly left: AuditEntryErasure | null }) {
  const t = useTranslations('log.erasure');
  if (left === null || (left.outcome !== 'waiting' && left.outcome !== 'held')) return null;
  const { createdBy, reason } = left.erasure;
  return (
    <div className="mt-4">
      <Alert tone={left.outcome === 'held' ? 'warning' : 'note'}>
        {t(left.outcome, { by: plainText(createdBy ?? '–'), reason: plainText(reason) })}
      </Alert>
    </div>
  );
}
