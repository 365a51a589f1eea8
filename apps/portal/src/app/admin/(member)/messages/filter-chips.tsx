import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { plainText } from '../../../../components/plain-text.ts';
import { listPath } from './message-filters.ts';
import type { SetFilter, StateName } from './message-filters.ts';

/** The filters that are set, each with the way to take it off. The text stands in the search box above them, and is cleared there. */
export function FilterChips({ set }: { readonly set: readonly SetFilter[] }) {
  const t = useTranslations('admin.messages.filter');
  const chipText = useChipText();
  const chips = set.filter(({ name }) => name !== 'q');
  if (chips.length === 0) return null;
  return (
    <ul aria-label={t('set')} className="mt-3 flex flex-wrap items-center gap-2">
      {chips.map((filter) => (
        <li key={`${filter.name} ${filter.value}`} className="min-w-0">
          <Link
            href={filter.without}
            prefetch={false}
            className="inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-full border border-edge/50 bg-surface px-3 text-xs hover:bg-raised sm:min-h-7"
          >
            <span className="sr-only">{t('remove')} </span>
            <span className="truncate">{chipText(filter)}</span>
            <X aria-hidden className="size-3.5 shrink-0 text-quiet" />
          </Link>
        </li>
      ))}
      {set.length === 1 ? null : (
        <li>
          <Link href={listPath({ states: [] })} prefetch={false} className="text-xs text-quiet underline underline-offset-2 hover:text-ink">
            {t('removeAll')}
          </Link>
        </li>
      )}
    </ul>
  );
}

/** A filter in words. */
export function useChipText(): (filter: SetFilter) => string {
  const t = useTranslations('admin.messages.filter');
  return ({ name, value }) =>
    t('chip', { name: t(`name.${name}`), value: name === 'state' && isState(value) ? t(`state.${value}`) : plainText(value) });
}

function isState(value: string): value is StateName {
  return value !== '';
}
