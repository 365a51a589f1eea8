'use client';

import type { AuditErasurePreview } from '@signet/api-contract/audit-erasures';
import { useTranslations } from 'next-intl';
import { useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Button } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { Field } from '../../../../../components/ui/field.tsx';
import { isActRefusal } from '../../act-refusal.ts';
import { ErasureDialog } from './erasure-dialog.tsx';
import { ErasureForecast } from './erasure-forecast.tsx';
import { previewErasure, type PreviewAnswer } from './preview-erasure.ts';

/** What was found of an address, which may be typed on meanwhile. */
interface Found {
  readonly address: string;
  readonly preview: AuditErasurePreview;
}

/** Has all entries of an address erased by law: first they are counted, then it is asked. */
export function ErasureForm() {
  const [t, account] = [useTranslations('log.erasures'), useTranslations('account')];
  const input = useRef<HTMLInputElement>(null);
  const [address, setAddress] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const [refusal, setRefusal] = useState<PreviewAnswer['refusal']>(null);
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  const [pending, startTransition] = useTransition();

  function count(event: FormEvent) {
    event.preventDefault();
    setDone('');
    setFound(null);
    startTransition(async () => {
      const answer = await previewErasure(address).catch(() => ({ preview: null, refusal: 'away' }) as const);
      startTransition(() => {
        setRefusal(answer.refusal);
        if (answer.preview !== null) setFound({ address, preview: answer.preview });
        if (answer.refusal === 'address') input.current?.focus();
      });
    });
  }

  return (
    <>
      <Card className="mt-4 max-w-2xl space-y-4 p-4 sm:p-5">
        <form noValidate onSubmit={count} aria-busy={pending} className="space-y-4">
          <Field
            ref={input}
            id="erasure-address"
            label={t('address')}
            hint={t('addressHint')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="email"
            maxLength={320}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            error={refusal === 'address' ? t('addressWrong') : null}
          />
          <Button type="submit" variant="secondary" disabled={pending}>
            {t(pending ? 'counting' : 'count')}
          </Button>
        </form>
        <div aria-live="polite" className="empty:hidden">
          {refusal === 'none' ? <p className="text-sm">{t('none')}</p> : null}
          {refusal !== null && isActRefusal(refusal) ? (
            <Alert tone="danger">{refusal === 'away' ? t('away') : account(`refused.${refusal}`)}</Alert>
          ) : null}
          {found === null ? null : <ErasureForecast {...found} onErase={() => setAsking(true)} />}
        </div>
        <output ref={status} tabIndex={-1} className="block rounded text-sm text-success empty:hidden">
          {done}
        </output>
      </Card>
      {asking && found !== null ? (
        <ErasureDialog
          {...found}
          onClose={() => setAsking(false)}
          onDone={(entries) => {
            setDone(t('done', { count: entries }));
            setAsking(false);
            setFound(null);
            setAddress('');
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            status.current?.focus();
          }}
        />
      ) : null}
    </>
  );
}
