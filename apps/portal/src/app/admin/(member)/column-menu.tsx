'use client';

import { Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import { Checkbox } from '../../../components/ui/checkbox.tsx';
import type { ListName } from './columns.ts';
import { saveColumns } from './save-columns.ts';

interface ColumnMenuProps {
  readonly list: ListName;
  /** Every column of it, with its name in words. */
  readonly all: readonly { readonly name: string; readonly label: string }[];
  readonly chosen: readonly string[];
}

/** Chooses the columns of a list, for this browser. A phone shows cards, which have no columns. */
export function ColumnMenu({ list, all, chosen }: ColumnMenuProps) {
  const t = useTranslations('admin.columns');
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button variant="ghost" size="small" className="text-quiet max-md:invisible">
          <Columns3 aria-hidden />
          {t('open')}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          aria-label={t('open')}
          className="z-40 w-56 rounded-xl border border-line bg-surface py-2 shadow-lg"
        >
          <form
            action={async (data) => {
              await saveColumns(data);
              setOpen(false);
            }}
          >
            <input type="hidden" name="list" value={list} />
            {all.map(({ name, label }) => (
              <Checkbox key={name} name="column" value={name} label={label} defaultChecked={chosen.includes(name)} />
            ))}
            <div className="px-3.5 pt-2">
              <Button type="submit" size="small" className="w-full">
                {t('save')}
              </Button>
            </div>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
