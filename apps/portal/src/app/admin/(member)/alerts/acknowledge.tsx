'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { acknowledgeAlert } from './acknowledge-alert.ts';

/** Says that somebody has seen an alert. It changes nothing else, so it does not ask first. */
export function Acknowledge({ id, about }: { readonly id: string; readonly about: string }) {
  const t = useTranslations('account');
  const words = useTranslations('alerts');
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [pending, startTransition] = useTransition();

  function perform() {
    setRefusal(null);
    startTransition(async () => {
      const answer = await acknowledgeAlert(id).catch((): ActRefusal => 'away');
      startTransition(() => setRefusal(answer));
    });
  }

  return (
    <div className="shrink-0 space-y-2">
      <Button variant="secondary" size="small" disabled={pending} onClick={perform} aria-label={`${words('acknowledge')}: ${about}`}>
        {words('acknowledge')}
      </Button>
      <div aria-live="assertive">{refusal === null ? null : <Alert tone="danger">{t(`refused.${refusal}`)}</Alert>}</div>
    </div>
  );
}
