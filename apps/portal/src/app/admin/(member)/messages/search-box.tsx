'use client';

import { Search } from 'lucide-react';
import Form from 'next/form';
import { useTranslations } from 'next-intl';
import { Button } from '../../../../components/ui/button.tsx';
import { Input } from '../../../../components/ui/input.tsx';

/** The search box; its search is an address, so that it can be kept and sent on. The key `/` leads to it (keyboard-map.tsx). */
export function SearchBox({ text }: { readonly text: string }) {
  const t = useTranslations('admin.messages');
  return (
    <search>
      <Form action="/admin/messages" className="flex gap-2">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3.5 size-4 -translate-y-1/2 text-quiet" />
          <Input
            type="search"
            name="q"
            key={text}
            defaultValue={text}
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
        <Button type="submit" variant="secondary" className="h-12 sm:h-10">
          {t('find')}
        </Button>
      </Form>
    </search>
  );
}
