'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { tryAgain } from './revive-delivery.ts';

interface TryAgainProps {
  /** The row; null: everything that still has a use. */
  readonly id: string | null;
  readonly label: string;
  /** What is tried again, for who hears the page. */
  readonly about?: string;
}

/** Has mail tried again. The worst that it can do is one more mail to the same recipient, so it does not ask first. */
export function TryAgain({ id, label, about }: TryAgainProps) {
  const t = useTranslations('account');
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [pending, startTransition] = useTransition();

  function perform() {
    setRefusal(null);
    startTransition(async () => {
      const answer = await tryAgain(id).catch((): ActRefusal => 'away');
      startTransition(() => setRefusal(answer));
    });
  }

  return (
    <div className="shrink-0 space-y-2">
      <Button
        variant="secondary"
        size="small"
        disabled={pending}
        onClick={perform}
        {...(about === undefined ? {} : { 'aria-label': `${label}: ${about}` })}
      >
        {label}
      </Button>
      <div aria-live="assertive">{refusal === null ? null : <Alert tone="danger">{t(`refused.${refusal}`)}</Alert>}</div>
    </div>
  );
}
