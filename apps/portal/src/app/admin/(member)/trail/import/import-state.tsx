import type { ListedAuditImport } from '@signet/api-contract/audit-imports';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { timeTag } from '../../../../../components/time-tag.tsx';
import { Badge } from '../../../../../components/ui/badge.tsx';

/** Whether an import looked at all that was sent. Signet does not know of one that has no end whether it runs or broke off: both are said. */
export function ImportState({ endedAt, records, accepted, duplicates, refused }: ListedAuditImport) {
  const t = useTranslations('imports');
  const format = useFormatter();
  const locale = useLocale();
  if (endedAt !== null) return <span>{t.rich('ended', { time: timeTag(endedAt, locale) })}</span>;
  const done = format.number(accepted + duplicates + refused);
  return (
    <>
      <Badge tone="warning">{t('notEnded')}</Badge>
      <span className="mt-1 block">{t('notEndedText', { done, records: format.number(records) })}</span>
    </>
  );
}
