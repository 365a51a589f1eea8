'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import { changeSetting } from './change-setting.ts';
import type { SettingRefusal } from './change-setting.ts';

interface SettingSwitchProps {
  readonly setting: 'tracking' | 'notices';
  readonly on: boolean;
  readonly mayChange: boolean;
}

/** How switching off is said: not to record is a loss, not to write mails is none. */
const toneWhenOff = { tracking: 'warning', notices: 'success' } as const;

/**
 * Switches a setting. What it means stands beside it before it is pressed, and it is in force at once: nothing is
 * destroyed, and pressing it again switches back. It shows what the api says, never a hope.
 */
export function SettingSwitch({ setting, on, mayChange }: SettingSwitchProps) {
  const t = useTranslations('admin.settings');
  const confirm = useConfirmation();
  const [said, setSaid] = useState<'switchedOn' | 'switchedOff' | null>(null);
  const [refusal, setRefusal] = useState<SettingRefusal | null>(null);
  const [pending, startTransition] = useTransition();

  function change(wanted: boolean) {
    setSaid(null);
    setRefusal(null);
    startTransition(async () => {
      const asked = setting === 'tracking' ? { enablePortalTrackingLogs: wanted } : { notifySenders: wanted };
      const refused = await confirm(() => changeSetting(asked).catch((): SettingRefusal => 'away'));
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
          <Label htmlFor={setting} className="text-base font-semibold">
            {t(`${setting}.name`)}
          </Label>
          <div id={`${setting}-meaning`} className="mt-1 max-w-2xl space-y-1 text-sm text-quiet">
            <p>{t(`${setting}.meaning`)}</p>
            {setting === 'tracking' ? <p>{t(on ? 'tracking.ifOff' : 'tracking.ifOn')}</p> : null}
            {mayChange ? null : <p>{t(`${setting}.notYours`)}</p>}
          </div>
        </div>
        <Switch
          id={setting}
          checked={on}
          onCheckedChange={change}
          aria-busy={pending}
          disabled={!mayChange}
          aria-describedby={`${setting}-meaning`}
          className="mt-0.5"
        />
      </div>
      <div aria-live="polite" className="mt-4 empty:hidden">
        {said === null ? null : <Alert tone={said === 'switchedOn' ? 'success' : toneWhenOff[setting]}>{t(`${setting}.${said}`)}</Alert>}
        {refusal === null ? null : <Alert tone="danger">{t(`${setting}.refused.${refusal}`)}</Alert>}
      </div>
    </>
  );
}
