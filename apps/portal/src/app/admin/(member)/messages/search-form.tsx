'use client';

import { ListFilter, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useTransition } from 'react';
import type { FormEvent } from 'react';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { Input } from '../../../../components/ui/input.tsx';
import { FilterFields } from './filter-fields.tsx';
import type { FilterFieldsProps } from './filter-fields.tsx';

/** Search box and filters. What is searched for is an address, so that it can be kept and sent on; it works without script, too. */
export function SearchForm({ filters, faults, ...offered }: Omit<FilterFieldsProps, 'children'>) {
  const t = useTranslations('admin.messages');
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const { q = '', states, ...fields } = filters;
  const count = states.length + Object.keys(fields).length;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // Fields that say nothing would only make the address long.
    const said = [...new FormData(event.currentTarget)].flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
    );
    const search = new URLSearchParams(said).toString();
    startTransition(() => router.push(search === '' ? '/admin/messages' : `/admin/messages?${search}`));
  }

  return (
    <search>
      <form action="/admin/messages" onSubmit={submit} aria-busy={pending}>
        <div className="flex gap-2">
          <div className="relative min-w-0 flex-1">
            <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3.5 size-4 -translate-y-1/2 text-quiet" />
            <Input
              type="search"
              name="q"
              defaultValue={q}
              maxLength={1000}
              aria-label={t('search')}
              aria-keyshortcuts="/"
              placeholder={t('searchHint')}
              autoComplete="off"
              spellCheck={false}
              enterKeyHint="search"
              className="pl-10 sm:h-10 sm:text-sm"
            />
          </div>
          <Button type="submit" variant="secondary" disabled={pending} className="h-12 sm:h-10">
            {t('find')}
          </Button>
        </div>
        <details className="group mt-2" open={Object.keys(faults).length > 0}>
          <summary
            className={buttonClasses({
              variant: 'ghost',
              size: 'small',
              className: 'list-none gap-1.5 text-quiet group-open:text-ink [&::-webkit-details-marker]:hidden',
            })}
          >
            <ListFilter aria-hidden />
            {count === 0 ? t('filter.open') : t('filter.openWith', { count })}
          </summary>
          <FilterFields filters={filters} faults={faults} {...offered}>
            <Button type="submit" variant="secondary" size="small" disabled={pending}>
              {t('filter.apply')}
            </Button>
          </FilterFields>
        </details>
      </form>
    </search>
  );
}
