import type { ListedAuditImport } from '@signet/api-contract/audit-imports';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { CardCell, CardRow, CardTable } from '../../../../../components/ui/card-table.tsx';
import { listItem } from '../../shortcut.ts';
import { importPath } from './import-path.ts';
import { importCounts } from './import-report.tsx';
import { ImportState } from './import-state.tsx';

/** Imports to compare; each leads to the lines that it refused. */
export function ImportTable({ imports }: { readonly imports: readonly ListedAuditImport[] }) {
  const t = useTranslations('imports');
  return (
    <CardTable
      caption={t('earlier.title')}
      columns={[
        { name: 'began', label: t('began'), className: 'w-44' },
        ...importCounts.map((name) => ({
          name,
          label: t(`count.${name}`),
          className: name === 'duplicates' ? 'w-28 lg:w-32' : 'w-18 lg:w-24',
        })),
        { name: 'state', label: t('state') },
      ]}
    >
      {imports.map((one) => (
        <ImportRow key={one.id} one={one} />
      ))}
    </CardTable>
  );
}

function ImportRow({ one }: { readonly one: ListedAuditImport }) {
  const t = useTranslations('imports');
  const format = useFormatter();
  const locale = useLocale();
  return (
    <CardRow className="hover:bg-raised/60">
      <CardCell className="tabular-nums">
        <Link
          {...listItem}
          href={importPath(one.id)}
          prefetch={false}
          className="-my-0.5 inline-block py-0.5 font-medium underline underline-offset-2 hover:text-ink"
        >
          <LocalTime at={one.startedAt} locale={locale} timeStyle="medium" />
        </Link>
      </CardCell>
      {importCounts.map((name) => (
        <CardCell key={name} label={t(`count.${name}`)} className="tabular-nums max-md:inline-block max-md:pr-0">
          {format.number(one[name])}
        </CardCell>
      ))}
      <CardCell className="text-xs leading-5 text-quiet">
        <ImportState {...one} />
      </CardCell>
    </CardRow>
  );
}
