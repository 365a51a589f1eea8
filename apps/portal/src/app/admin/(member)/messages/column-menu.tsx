'use client';

import { Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Checkbox } from '../../../../components/ui/checkbox.tsx';
import type { ColumnName } from './columns.ts';
import { saveColumns } from './save-columns.ts';

interface ColumnMenuProps {
  readonly all: readonly ColumnName[];
  readonly chosen: readonly ColumnName[];
}

/** Chooses the columns of the list, for this browser. A phone shows cards, which have no columns. */
export function ColumnMenu({ all, chosen }: ColumnMenuProps) {
  const t = useTranslations('admin.messages');
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button variant="ghost" size="small" className="text-quiet max-md:invisible">
          <Columns3 aria-hidden />
          {t('columns.open')}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          aria-label={t('columns.open')}
          className="z-40 w-56 rounded-xl border border-line bg-surface py-2 shadow-lg"
        >
          <form
            action={async (data) => {
              await saveColumns(data);
              setOpen(false);
            }}
          >
            {all.map((name) => (
              <Checkbox key={name} name="column" value={name} label={t(`column.${name}`)} defaultChecked={chosen.includes(name)} />
            ))}
            <div className="px-3.5 pt-2">
              <Button type="submit" size="small" className="w-full">
                {t('columns.save')}
              </Button>
            </div>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
