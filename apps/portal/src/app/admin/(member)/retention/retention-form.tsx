'use client';

import type { RetentionPreview } from '@signet/api-contract/retention';
import type { RetentionPolicy } from '@signet/domain/retention';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { ExceptionList } from './exception-list.tsx';
import { draftOf, policyOf } from './policy-draft.ts';
import type { DraftFault, PolicyDraft } from './policy-draft.ts';
import { previewRetention } from './preview-retention.ts';
import { RetentionDialog } from './retention-dialog.tsx';

interface RetentionFormProps {
  readonly policy: RetentionPolicy;
  readonly mayChange: boolean;
}

/** The policy to be changed. Pressing its button saves nothing yet: it counts what falls under it, says so, and asks. */
export function RetentionForm({ policy, mayChange }: RetentionFormProps) {
  const t = useTranslations('custody.retention.form');
  const account = useTranslations('account');
  const [draft, setDraft] = useState(() => draftOf(policy));
  const [faults, setFaults] = useState<readonly DraftFault[]>([]);
  const [asking, setAsking] = useState<{ readonly policy: RetentionPolicy; readonly preview: RetentionPreview } | null>(null);
  const [said, setSaid] = useState<'saved' | 'away' | null>(null);
  const [pending, startTransition] = useTransition();

  function change(changed: Partial<PolicyDraft>) {
    setDraft({ ...draft, ...changed });
    setFaults([]);
    setSaid(null);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setSaid(null);
    const read = policyOf(draft);
    setFaults('faults' in read ? read.faults : []);
    if ('faults' in read) return;
    startTransition(async () => {
      const preview = await previewRetention(read.policy).catch(() => null);
      startTransition(() => (preview === null ? setSaid('away') : setAsking({ policy: read.policy, preview })));
    });
  }

  return (
    <>
      <form onSubmit={submit} className="space-y-5 p-4 sm:p-5" noValidate>
        <fieldset disabled={!mayChange} className="min-w-0 max-w-2xl">
          <legend className="text-sm font-medium">{t('all')}</legend>
          <div className="mt-1.5 divide-y divide-line overflow-hidden rounded-lg border border-line">
            {(['forever', 'days'] as const).map((option) => (
              <div key={option} className="px-3.5 py-2.5 text-sm has-checked:bg-raised">
                <label className="flex min-h-6 cursor-pointer items-center gap-3 font-medium">
                  <input
                    type="radio"
                    name="kept"
                    value={option}
                    checked={draft.all.forever === (option === 'forever')}
                    onChange={() => change({ all: { ...draft.all, forever: option === 'forever' } })}
                    aria-describedby={`kept-${option}`}
                    className="size-4 shrink-0 accent-primary"
                  />
                  {t(option)}
                </label>
                <p id={`kept-${option}`} className="pl-7 text-quiet">
                  {t(`${option}Meaning`)}
                </p>
                {option === 'days' && !draft.all.forever ? (
                  <div className="mt-2 max-w-56 pl-7">
                    <Field
                      id="retention-days"
                      label={t('number')}
                      hint={t('numberHint')}
                      error={faults.includes('all') ? t('numberWrong') : undefined}
                      inputMode="numeric"
                      autoComplete="off"
                      maxLength={6}
                      value={draft.all.days}
                      onChange={(event) => change({ all: { ...draft.all, days: event.target.value } })}
                    />
                  </div>
                ) : null}
              </div>
            ))}
          </div>
        </fieldset>
        <ExceptionList
          exceptions={draft.exceptions}
          onChange={(exceptions) => change({ exceptions })}
          faults={faults}
          mayChange={mayChange}
        />
        {mayChange ? (
          <Button type="submit" disabled={pending}>
            {t('submit')}
          </Button>
        ) : null}
        <div aria-live="polite" className="empty:hidden">
          {said === null ? null : (
            <Alert tone={said === 'saved' ? 'success' : 'danger'}>{said === 'saved' ? t('saved') : account('refused.away')}</Alert>
          )}
        </div>
      </form>
      {/* Beside the form, not in it: what is submitted in the dialog would reach the form too. */}
      {asking === null ? null : (
        <RetentionDialog
          {...asking}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null);
            setSaid('saved');
          }}
        />
      )}
    </>
  );
}
