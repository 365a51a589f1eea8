'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRef, useState } from 'react';
import { plainText } from '../../../../../components/plain-text.ts';
import { Button } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { CardCell, CardRow, CardTable } from '../../../../../components/ui/card-table.tsx';
import { ActDialog } from '../../act-dialog.tsx';
import { listItem } from '../../shortcut.ts';
import { removeGroup } from './change-groups.ts';
import { groupPath } from './group-path.ts';

interface ListedGroup {
  readonly name: string;
  readonly addressCount: number;
  /** Names of the rules that ask about it. */
  readonly rules: readonly string[];
}

interface GroupListProps {
  readonly groups: readonly ListedGroup[];
  readonly mayChange: boolean;
}

/** The groups side by side, and the end of one. */
export function GroupList({ groups, mayChange }: GroupListProps) {
  const t = useTranslations('groups');
  const [removing, setRemoving] = useState<ListedGroup | null>(null);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  return (
    <>
      <output ref={status} tabIndex={-1} className="mt-2 block rounded text-sm wrap-anywhere text-success empty:hidden">
        {done}
      </output>
      <Card className="mt-4 overflow-hidden">
        {groups.length === 0 ? (
          <p className="px-4 py-10 text-center text-sm text-quiet">{t('none')}</p>
        ) : (
          <CardTable
            caption={t('title')}
            columns={[
              { name: 'name', label: t('column.name'), className: 'w-[40%]' },
              { name: 'addresses', label: t('column.addresses'), className: 'w-28' },
              { name: 'rules', label: t('column.rules') },
              ...(mayChange ? [{ name: 'remove', label: <span className="sr-only">{t('column.remove')}</span>, className: 'w-28' }] : []),
            ]}
          >
            {groups.map((group) => (
              <CardRow key={group.name}>
                <CardCell>
                  <Link
                    {...listItem}
                    href={groupPath(group.name)}
                    prefetch={false}
                    className="rounded font-medium wrap-anywhere text-primary underline-offset-4 hover:underline"
                  >
                    {plainText(group.name)}
                  </Link>
                </CardCell>
                <CardCell label={t('column.addresses')} className="tabular-nums">
                  {t('number', { count: group.addressCount })}
                </CardCell>
                <CardCell label={t('column.rules')} className="wrap-anywhere">
                  {group.rules.length === 0 ? <span className="text-quiet">{t('noRule')}</span> : group.rules.map(plainText).join(', ')}
                </CardCell>
                {mayChange ? (
                  <CardCell className="md:py-2 md:text-right">
                    <Button
                      variant="secondary"
                      size="small"
                      className="my-1 md:my-0"
                      aria-label={t('remove.open', { name: plainText(group.name) })}
                      onClick={() => setRemoving(group)}
                    >
                      {t('column.remove')}
                    </Button>
                  </CardCell>
                ) : null}
              </CardRow>
            ))}
          </CardTable>
        )}
      </Card>
      {removing === null ? null : (
        <ActDialog<'inUse'>
          open
          onClose={() => setRemoving(null)}
          title={t('remove.title', { name: plainText(removing.name) })}
          description={
            removing.rules.length === 0
              ? t('remove.text', { count: removing.addressCount })
              : t('remove.inUse', { count: removing.rules.length, rules: removing.rules.map((rule) => `“${plainText(rule)}”`).join(', ') })
          }
          submit={t('remove.submit')}
          impossible={removing.rules.length > 0}
          act={() => removeGroup(removing.name)}
          refused={{ inUse: t('remove.inUseMeanwhile') }}
          onDone={() => {
            setDone(t('remove.done', { name: plainText(removing.name) }));
            setRemoving(null);
          }}
          onCloseAutoFocus={(event) => {
            // The row's button is gone with what it did.
            event.preventDefault();
            status.current?.focus();
          }}
        />
      )}
    </>
  );
}
