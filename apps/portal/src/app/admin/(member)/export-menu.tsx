'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import type { ExportForm } from './export-choice.ts';
import { filterChoice } from './filter-panel.tsx';

interface ExportMenuProps {
  /** What answers with the file. */
  readonly path: string;
  readonly filters: Readonly<Record<string, string | readonly string[]>>;
  readonly forms: readonly ExportForm[];
}

/** Downloads what the filters let through. It is a form of its own, so that the browser keeps the file as it comes. */
export function ExportMenu({ path, filters, forms }: ExportMenuProps) {
  const t = useTranslations('log.export');
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button variant="secondary" size="small">
          <Download aria-hidden />
          {t('open')}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('open')}
          className="z-40 w-80 max-w-[calc(100vw-1rem)] rounded-xl border border-line bg-surface p-4 text-sm shadow-lg"
        >
          <form action={path} method="get" onSubmit={() => setTimeout(() => setOpen(false))} className="space-y-3">
            <p className="text-quiet">{t('text')}</p>
            {Object.entries(filters).flatMap(([name, values]) =>
              [values].flat().map((value) => <input key={`${name} ${value}`} type="hidden" name={name} value={value} />),
            )}
            <div>
              <label htmlFor="export-form" className="font-medium">
                {t('form')}
              </label>
              <select id="export-form" name="form" className={filterChoice}>
                {forms.map((form) => (
                  <option key={form} value={form}>
                    {t(form)}
                  </option>
                ))}
              </select>
            </div>
            <Button type="submit" className="w-full">
              {t('start')}
            </Button>
            <p className="text-xs text-quiet">{t('onRecord')}</p>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
