'use client';

import type { Configuration } from '@signet/api-contract/configuration';
import { unreadDays } from '@signet/domain/sender-notice';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Field } from '../../../../components/ui/field.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeSettings } from './change-settings.ts';
import { SaveFoot } from './save-foot.tsx';

/** What to do about comes first, as in the mails. The number of days has a box of its own below. */
const switches = ['notifyBounced', 'notifyExpiredUnread', 'notifyRefusedAfterRevocation', 'notifyFirstOpening'] as const;

/** Days that are offered where somebody first ticks the box. */
const USUAL_DAYS = 7;

interface SenderNoticesProps {
  readonly configuration: Pick<Configuration, (typeof switches)[number] | 'notifyUnreadAfterDays'>;
  readonly mayChange: boolean;
}

/** What senders are told by mail of what became of their messages. */
export function SenderNotices({ configuration, mayChange }: SenderNoticesProps) {
  const { notifyUnreadAfterDays, ...others } = configuration;
  const t = useTranslations('admin.settings.senderNotices');
  const confirm = useConfirmation();
  const [on, setOn] = useState(others);
  const [isUnreadOn, setIsUnreadOn] = useState(notifyUnreadAfterDays !== null);
  const [days, setDays] = useState(String(notifyUnreadAfterDays ?? USUAL_DAYS));
  const [isWrong, setIsWrong] = useState(false);
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [pending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsSaved(false);
    setRefusal(null);
    const count = Number(days);
    const fault = isUnreadOn && (!/^\d{1,2}$/.test(days.trim()) || count < unreadDays.min || count > unreadDays.max);
    setIsWrong(fault);
    if (fault) return;
    const wanted = { ...on, notifyUnreadAfterDays: isUnreadOn ? count : null };
    startTransition(async () => {
      const refused = await confirm(() => changeSettings(wanted).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setIsSaved(true) : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-5 border-t border-line p-4 sm:p-5" noValidate>
      <fieldset disabled={!mayChange} className="min-w-0">
        <legend className="text-sm font-medium">{t('legend')}</legend>
        <div className="mt-1.5 divide-y divide-line overflow-hidden rounded-lg border border-line">
          {switches.map((setting) => (
            <Tick
              key={setting}
              id={setting}
              name={t(`${setting}.name`)}
              meaning={t(`${setting}.meaning`)}
              checked={on[setting]}
              onChange={(checked) => setOn({ ...on, [setting]: checked })}
            />
          ))}
          <Tick
            id="notifyUnread"
            name={t('notifyUnread.name')}
            meaning={t('notifyUnread.meaning')}
            checked={isUnreadOn}
            onChange={setIsUnreadOn}
          />
        </div>
      </fieldset>
      <div className="max-w-56">
        <Field
          id="notify-unread-after-days"
          label={t('days')}
          hint={t('daysHint', unreadDays)}
          error={isWrong ? t('daysWrong', unreadDays) : undefined}
          inputMode="numeric"
          value={days}
          disabled={!mayChange || !isUnreadOn}
          onChange={(event) => setDays(event.target.value)}
        />
      </div>
      <SaveFoot mayChange={mayChange} pending={pending} saved={isSaved ? t('saved') : null} refusal={refusal} />
    </form>
  );
}

interface TickProps {
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Tick({ id, name, meaning, checked, onChange }: TickProps) {
  return (
    <div className="px-3.5 py-2.5 text-sm">
      <label className="flex cursor-pointer items-center gap-3 font-medium">
        <input
          type="checkbox"
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={`${id}-meaning`}
          className="size-4 shrink-0 accent-primary"
        />
        {name}
      </label>
      <p id={`${id}-meaning`} className="pl-7 text-quiet">
        {meaning}
      </p>
    </div>
  );
}
