import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { useChipText } from './filter-chips.tsx';
import { listPath } from './message-filters.ts';
import type { MessageFilters, SetFilter, TrailSearch } from './message-filters.ts';

interface EmptyListProps {
  readonly title: string;
  readonly text?: string;
  /** Name of the way back, where there is one, and what stays set on it. */
  readonly all?: string;
  readonly filters?: MessageFilters;
}

/** Why no message is listed. */
export function EmptyList({ title, text, all, filters = { states: [] } }: EmptyListProps) {
  return (
    <Card className="mt-4 px-6 py-14 text-center">
      <output className="block">
        <p className="font-medium break-words">{title}</p>
        {text === undefined ? null : <p className="mx-auto mt-1 max-w-md text-sm text-quiet">{text}</p>}
      </output>
      {all === undefined ? null : (
        <Link
          href={listPath(filters)}
          prefetch={false}
          className={buttonClasses({ variant: 'secondary', size: 'small', className: 'mt-5' })}
        >
          {all}
        </Link>
      )}
    </Card>
  );
}

interface NothingFoundProps {
  readonly set: readonly SetFilter[];
  /** The same searches of the audit trail, for who may read it: it knows of messages that Signet did not send. */
  readonly trail: readonly TrailSearch[];
}

/** Nothing fits all filters: each of them can be left out from here. */
export function NothingFound({ set, trail }: NothingFoundProps) {
  const t = useTranslations('admin.messages');
  const chipText = useChipText();
  return (
    <Card className="mt-4 px-6 py-12 text-center">
      <output className="block font-medium">{t('noneFound.title', { count: set.length })}</output>
      <p className="mx-auto mt-1 max-w-md text-sm text-quiet">{t('noneFound.text')}</p>
      <ul className="mx-auto mt-4 flex max-w-2xl flex-wrap justify-center gap-2">
        {set.map((filter) => (
          <li key={`${filter.name} ${filter.value}`} className="max-w-full">
            <Link
              href={filter.without}
              prefetch={false}
              className={buttonClasses({ variant: 'secondary', size: 'small', className: 'max-w-full' })}
            >
              <span className="truncate">{t('noneFound.without', { filter: chipText(filter) })}</span>
            </Link>
          </li>
        ))}
      </ul>
      {trail.length === 0 ? null : (
        <p className="mx-auto mt-6 max-w-md text-sm text-quiet">
          {t('noneFound.trail')}
          {trail.map(({ as, path }) => (
            <Link key={as} href={path} prefetch={false} className="mx-1.5 inline-block py-1 underline underline-offset-2 hover:text-ink">
              {t(`noneFound.searchTrail.${as}`)}
            </Link>
          ))}
        </p>
      )}
    </Card>
  );
}
