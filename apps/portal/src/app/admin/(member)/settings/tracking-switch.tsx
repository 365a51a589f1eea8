'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import { changeTracking } from './change-tracking.ts';
import type { TrackingRefusal } from './change-tracking.ts';

interface TrackingSwitchProps {
  readonly on: boolean;
  readonly mayChange: boolean;
}

/**
 * Switches the recording of steps. What it means stands beside it before it is pressed, and it is in force at once:
 * nothing is destroyed, and pressing it again switches back. It shows what the api says, never a hope.
 */
export function TrackingSwitch({ on, mayChange }: TrackingSwitchProps) {
  const t = useTranslations('admin.settings.tracking');
  const confirm = useConfirmation();
  const [said, setSaid] = useState<'switchedOn' | 'switchedOff' | null>(null);
  const [refusal, setRefusal] = useState<TrackingRefusal | null>(null);
  const [pending, startTransition] = useTransition();

  function change(wanted: boolean) {
    setSaid(null);
    setRefusal(null);
    startTransition(async () => {
      const refused = await confirm(() => changeTracking(wanted).catch((): TrackingRefusal => 'away'));
      // What is said appears together with the switch's new state.
      startTransition(() => {
        if (refused === null) setSaid(wanted ? 'switchedOn' : 'switchedOff');
        else setRefusal(refused);
      });
    });
  }

  return (
    <>
      <div className="flex items-start justify-between gap-6">
        <div className="min-w-0">
          <Label htmlFor="tracking" className="text-base font-semibold">
            {t('name')}
          </Label>
          <div id="tracking-meaning" className="mt-1 max-w-2xl space-y-1 text-sm text-quiet">
            <p>{t('meaning')}</p>
            <p>{t(on ? 'ifOff' : 'ifOn')}</p>
            {mayChange ? null : <p>{t('notYours')}</p>}
          </div>
        </div>
        <Switch
          id="tracking"
          checked={on}
          onCheckedChange={change}
          aria-busy={pending}
          disabled={!mayChange}
          aria-describedby="tracking-meaning"
          className="mt-0.5"
        />
      </div>
      <div aria-live="polite" className="mt-4 empty:hidden">
        {said === null ? null : <Alert tone={said === 'switchedOn' ? 'success' : 'warning'}>{t(said)}</Alert>}
        {refusal === null ? null : <Alert tone="danger">{t(`refused.${refusal}`)}</Alert>}
      </div>
    </>
  );
}
