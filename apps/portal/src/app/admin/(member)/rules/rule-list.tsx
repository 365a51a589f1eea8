'use client';

import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState, useTransition } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import { ActDialog } from '../act-dialog.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeRule } from './change-rules.ts';

interface ListedRule {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly summary: string;
}

interface RuleListProps {
  readonly rules: readonly ListedRule[];
  readonly mayChange: boolean;
}

/** The rules in their order. Moving one says where it stands now; the button that was pressed keeps the focus. */
export function RuleList({ rules, mayChange }: RuleListProps) {
  const t = useTranslations('rules');
  const acts = useTranslations('account.refused');
  const confirm = useConfirmation();
  const [removing, setRemoving] = useState<ListedRule | null>(null);
  const [said, setSaid] = useState('');
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [pending, startTransition] = useTransition();

  function change(asked: Parameters<typeof changeRule>[0], done: string) {
    setSaid('');
    setRefusal(null);
    startTransition(async () => {
      const refused = await confirm(() => changeRule(asked).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setSaid(done) : setRefusal(refused)));
    });
  }

  return (
    <>
      <div aria-live="polite">
        <p className="sr-only">{said}</p>
        {refusal === null ? null : (
          <Alert tone="danger" className="m-3">
            {acts(refusal)}
          </Alert>
        )}
      </div>
      <ol className="divide-y divide-line">
        {rules.map((rule, index) => (
          <li key={rule.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 md:flex-nowrap">
            <span aria-hidden className="w-5 shrink-0 pt-0.5 text-right text-sm text-quiet tabular-nums">
              {index + 1}
            </span>
            <div className="min-w-0 flex-1 basis-60">
              <p className="flex flex-wrap items-center gap-2 font-medium break-words">
                {rule.name}
                {rule.enabled ? null : <span className="text-xs font-normal text-quiet">{t('off')}</span>}
              </p>
              <p className="text-sm break-words text-quiet">{rule.summary}</p>
            </div>
            {mayChange ? (
              <div className="flex shrink-0 items-center gap-1">
                <Switch
                  checked={rule.enabled}
                  aria-label={t('switch', { name: rule.name })}
                  aria-busy={pending}
                  onCheckedChange={(enabled) =>
                    change({ act: 'switch', id: rule.id, enabled }, t(enabled ? 'switchedOn' : 'switchedOff', { name: rule.name }))
                  }
                  className="mr-2"
                />
                {(['up', 'down'] as const).map((way) => {
                  const position = index + (way === 'up' ? -1 : 1);
                  const atEnd = position < 0 || position === rules.length;
                  return (
                    <Button
                      key={way}
                      variant="ghost"
                      size="small"
                      // Not `disabled`: the button that was pressed would lose the focus at the end of the list.
                      aria-disabled={atEnd}
                      aria-label={t(way, { name: rule.name })}
                      className="px-2 aria-disabled:opacity-40"
                      onClick={() =>
                        atEnd || pending
                          ? undefined
                          : change(
                              { act: 'move', id: rule.id, position },
                              t('moved', { name: rule.name, place: position + 1, of: rules.length }),
                            )
                      }
                    >
                      {way === 'up' ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden />}
                    </Button>
                  );
                })}
                <Link
                  href={`/admin/rules/${rule.id}`}
                  prefetch={false}
                  aria-label={t('edit', { name: rule.name })}
                  className={buttonClasses({ variant: 'ghost', size: 'small', className: 'px-2' })}
                >
                  <Pencil aria-hidden />
                </Link>
                <Button
                  variant="ghost"
                  size="small"
                  aria-label={t('remove.open', { name: rule.name })}
                  className="px-2"
                  onClick={() => setRemoving(rule)}
                >
                  <Trash2 aria-hidden />
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ol>
      {removing === null ? null : (
        <ActDialog
          open
          onClose={() => setRemoving(null)}
          title={t('remove.title', { name: removing.name })}
          description={
            <>
              <p className="font-medium text-ink">{removing.summary}</p>
              <p className="mt-2">{t('remove.text')}</p>
            </>
          }
          submit={t('remove.submit')}
          act={() => changeRule({ act: 'remove', id: removing.id })}
          onDone={() => {
            setSaid(t('remove.done', { name: removing.name }));
            setRemoving(null);
          }}
        />
      )}
    </>
  );
}
