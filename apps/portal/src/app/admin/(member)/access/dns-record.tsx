import { useTranslations } from 'next-intl';
import { CopyText } from '../../../../components/copy-text.tsx';

/** A TXT record to be put into the DNS, its name and value to be copied. */
export function DnsRecord({ record }: { readonly record: { readonly name: string; readonly value: string } }) {
  const t = useTranslations('access');
  return (
    <dl className="mt-2 space-y-2">
      {(['name', 'value'] as const).map((part) => (
        <div key={part}>
          <dt className="text-xs text-quiet">{t(`domain.record.${part}`)}</dt>
          <dd className="mt-0.5 flex items-center gap-2 rounded-lg border border-edge bg-raised py-1 pr-1.5 pl-3">
            <code className="min-w-0 flex-1 font-mono text-xs break-all select-all">{record[part]}</code>
            <CopyText text={record[part]} label={t('made.copy', { name: record.name })} doneLabel={t('made.copied')} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
