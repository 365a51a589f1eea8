import { Search } from 'lucide-react';
import Form from 'next/form';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { classNames } from '../../components/class-names.ts';
import { Button } from '../../components/ui/button.tsx';
import { Input } from '../../components/ui/input.tsx';
import { SENT_PAGE } from './sent-path.ts';
import { searchAddress, sentFilters } from './sent-search-address.ts';
import type { SentSearchState } from './sent-search-address.ts';

/** The search box and the states to narrow the list to; each search is an address. */
export async function SentSearch({ search }: { readonly search: SentSearchState }) {
  const t = await getTranslations('sent.list');
  return (
    <search className="mt-4 block space-y-3">
      <Form action={SENT_PAGE} className="flex gap-2">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3.5 size-4 -translate-y-1/2 text-quiet" />
          <Input
            type="search"
            name="q"
            key={search.text}
            defaultValue={search.text}
            maxLength={200}
            aria-label={t('search')}
            placeholder={t('searchHint')}
            className="pl-10"
          />
        </div>
        {search.filter === undefined ? null : <input type="hidden" name="show" value={search.filter} />}
        <Button type="submit" variant="secondary" className="h-12 sm:h-11">
          {t('find')}
        </Button>
      </Form>
      <nav aria-label={t('filter')}>
        <ul className="flex flex-wrap gap-2">
          {[undefined, ...sentFilters].map((filter) => (
            <li key={filter ?? 'all'}>
              <Link
                href={searchAddress({ text: search.text, filter })}
                prefetch={false}
                aria-current={search.filter === filter ? 'true' : undefined}
                className={classNames(
                  'inline-flex h-9 items-center rounded-full border px-3.5 text-sm',
                  search.filter === filter
                    ? 'border-primary bg-primary text-on-primary'
                    : 'border-edge/60 bg-surface text-ink hover:bg-raised',
                )}
              >
                {t(`filters.${filter ?? 'all'}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </search>
  );
}
