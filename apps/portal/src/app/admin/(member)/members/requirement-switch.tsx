'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Label } from '../../../../components/ui/label.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeRequirement } from './change-members.ts';

interface RequirementSwitchProps {
  readonly on: boolean;
  readonly mayChange: boolean;
  /** How many active members have no second factor. */
  readonly without: number;
  /** Whether who looks at the page is one of them. */
  readonly isSelfWithout: boolean;
}

/** Whether members must have a second factor. What it would mean is asked first. */
export function RequirementSwitch({ on, mayChange, without, isSelfWithout }: RequirementSwitchProps) {
  const t = useTranslations('members.requirement');
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const control = useRef<HTMLButtonElement>(null);
  const name = on ? 'off' : 'on';
  return (
    <div className="flex items-start justify-between gap-6 p-4 sm:px-5">
      <div className="min-w-0">
        <Label htmlFor="require-second-factor" className="text-sm font-semibold">
          {t('name')}
        </Label>
        <p id="requirement-meaning" className="mt-0.5 text-sm text-quiet">
          {t(on ? 'isOn' : 'isOff')} {t('without', { count: without })}
        </p>
        <output className="mt-1 block text-sm text-success empty:hidden">{done}</output>
      </div>
      <Switch
        ref={control}
        id="require-second-factor"
        checked={on}
        disabled={!mayChange}
        onCheckedChange={() => {
          setDone(null);
          setAsked(true);
        }}
        aria-describedby="requirement-meaning"
        className="mt-0.5"
      />
      <ActDialog
        open={asked}
        onClose={() => setAsked(false)}
        title={t(`${name}.title`)}
        description={
          <>
            <p>{t(`${name}.text`, { count: without })}</p>
            {!on && isSelfWithout ? <p className="mt-2 font-medium text-ink">{t('self')}</p> : null}
          </>
        }
        submit={t(`${name}.submit`)}
        variant={on ? 'danger' : 'primary'}
        act={() => changeRequirement(!on)}
        onDone={() => {
          setDone(t(`${name}.done`));
          setAsked(false);
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          control.current?.focus();
        }}
      />
    </div>
  );
}
