'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { lookForContent, type Look } from './look-for-content.ts';

interface LookAgainProps {
  readonly label: string;
  /** What it will do. */
  readonly text: string;
}

/** Has missing content looked for now, and says what came of it. */
export function LookAgain({ label, text }: LookAgainProps) {
  const t = useTranslations('account');
  const [look, setLook] = useState<Look | null>(null);
  const [pending, startTransition] = useTransition();

  function perform() {
    setLook(null);
    startTransition(async () => {
      const answer = await lookForContent().catch((): Look => ({ refusal: 'away' }));
      startTransition(() => setLook(answer));
    });
  }

  return (
    <div className="space-y-2 border-b border-line px-4 py-2">
      <div className="flex flex-col gap-2 sm:flex-row sm:items-center sm:justify-between">
        <p className="text-sm text-quiet">{text}</p>
        <Button variant="secondary" size="small" className="shrink-0" disabled={pending} onClick={perform}>
          {label}
        </Button>
      </div>
      <div aria-live="assertive">
        {look === null ? null : 'refusal' in look ? (
          <Alert tone="danger">{t(`refused.${look.refusal}`)}</Alert>
        ) : (
          <Alert>{look.said}</Alert>
        )}
      </div>
    </div>
  );
}
