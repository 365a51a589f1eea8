'use client';

import { submissionTrustKinds } from '@signet/domain/submission-trust';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { DialogClose } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { isActRefusal } from '../act-refusal.ts';
import { createTrust } from './create-trust.ts';
import type { TrustDraft, TrustFaults, TrustRefusal } from './create-trust.ts';

const away: TrustRefusal = { refusal: 'away', fields: {} };
const empty: TrustDraft = { name: '', kind: 'network', value: '', headerName: '', headerValue: '' };

/** A name, by what the mail system is known, and the field that its messages must carry. What is wrong is said at its box. */
export function TrustForm({ onMade }: { readonly onMade: () => void }) {
  const t = useTranslations('access.trust.form');
  const common = useTranslations('access.create');
  const acts = useTranslations('account.refused');
  const confirm = useConfirmation();
  const [draft, setDraft] = useState(empty);
  const [faults, setFaults] = useState<TrustFaults>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    const missing = missingIn(draft);
    setFaults(Object.fromEntries(missing.map((box) => [box, t(`missing.${box}`)])));
    const [first] = missing;
    if (first !== undefined) {
      document.getElementById(`trust-${first}`)?.focus();
      return;
    }
    startTransition(async () => {
      const refused = await confirm(() => createTrust(draft).catch(() => away));
      startTransition(() => {
        if (refused === null) onMade();
        else if (refused.refusal === 'exists') setFaults({ value: t('exists') });
        else if (isActRefusal(refused.refusal)) setRefusal(acts(refused.refusal));
        else setFaults(Object.fromEntries(Object.entries(refused.fields).map(([box, detail]) => [box, common('fault', { detail })])));
      });
    });
  }

  const boxOf = (box: keyof TrustFaults) => ({
    id: `trust-${box}`,
    autoComplete: 'off',
    value: draft[box],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [box]: event.target.value }),
    error: faults[box] ?? null,
  });

  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field label={common('name')} hint={t('nameHint')} maxLength={100} {...boxOf('name')} />
      <fieldset className="space-y-2" disabled={pending}>
        <legend className="text-sm font-medium">{t('kind')}</legend>
        {submissionTrustKinds.map((kind) => (
          <label key={kind} className="flex cursor-pointer items-center gap-3 text-sm">
            <input
              type="radio"
              name="trust-kind"
              value={kind}
              checked={draft.kind === kind}
              onChange={() => {
                setFaults({});
                setDraft({ ...draft, kind });
              }}
              className="size-4 shrink-0 accent-primary"
            />
            {t(`${kind}.choice`)}
          </label>
        ))}
      </fieldset>
      <Field label={t(`${draft.kind}.label`)} hint={t(`${draft.kind}.hint`)} spellCheck={false} maxLength={253} {...boxOf('value')} />
      <fieldset className="space-y-3" disabled={pending}>
        <legend className="text-sm font-medium">{t('header')}</legend>
        <p className="text-xs text-quiet">{t('headerHint')}</p>
        <Field label={t('headerName')} spellCheck={false} maxLength={100} {...boxOf('headerName')} />
        <Field label={t('headerValue')} spellCheck={false} maxLength={500} {...boxOf('headerValue')} />
      </fieldset>
      <div aria-live="assertive">{refusal === null ? null : <Alert tone="danger">{refusal}</Alert>}</div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{common('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}

/** Boxes that nothing was typed into and that need something; of the two about the header both or neither. */
function missingIn(draft: TrustDraft): (keyof TrustFaults)[] {
  const isEmpty = (box: keyof TrustFaults) => draft[box].trim() === '';
  const header = ['headerName', 'headerValue'] as const;
  return [...(['name', 'value'] as const).filter(isEmpty), ...(header.every(isEmpty) ? [] : header.filter(isEmpty))];
}
