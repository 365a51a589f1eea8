'use client';

import type { Configuration } from '@signet/api-contract/configuration';
import { contentAfterExpiry, senderExpiryPolicy } from '@signet/domain/message-expiry';
import { useLocale, useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { sizeText } from '../../../../components/size-text.ts';
import { Field } from '../../../../components/ui/field.tsx';
import { ActDialog } from '../act-dialog.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeSettings } from './change-settings.ts';
import { countErasable } from './count-erasable.ts';
import { SaveFoot } from './save-foot.tsx';

interface ExpirySettingsProps {
  readonly configuration: Pick<Configuration, 'sendersMayChangeExpiry' | 'contentAfterExpiry' | 'eraseAfterDays'>;
  readonly mayChange: boolean;
}

/** What senders may do with expiries, and what becomes of content afterwards. What cannot be undone is asked about first. */
export function ExpirySettings({ configuration, mayChange }: ExpirySettingsProps) {
  const t = useTranslations('admin.settings.expiry');
  const locale = useLocale();
  const confirm = useConfirmation();
  const [senders, setSenders] = useState(configuration.sendersMayChangeExpiry);
  const [after, setAfter] = useState(configuration.contentAfterExpiry);
  const [days, setDays] = useState(String(configuration.eraseAfterDays));
  const [isWrong, setIsWrong] = useState(false);
  const [erasable, setErasable] = useState<{ messages: number; bytes: number } | null>(null);
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [pending, startTransition] = useTransition();
  const wanted = { sendersMayChangeExpiry: senders, contentAfterExpiry: after, eraseAfterDays: Number(days) };
  const erasesMore =
    after === 'erase' && (configuration.contentAfterExpiry === 'keep' || wanted.eraseAfterDays < configuration.eraseAfterDays);

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsSaved(false);
    setRefusal(null);
    const fault = !/^\d{1,3}$/.test(days.trim()) || wanted.eraseAfterDays > 730;
    setIsWrong(fault);
    if (fault) return;
    startTransition(async () => {
      if (erasesMore) {
        const counted = await countErasable(wanted.eraseAfterDays).catch(() => null);
        startTransition(() => (counted === null ? setRefusal('away') : setErasable(counted)));
        return;
      }
      const refused = await confirm(() => changeSettings(wanted).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setIsSaved(true) : setRefusal(refused)));
    });
  }

  return (
    <>
      <form onSubmit={submit} className="space-y-5 p-4 sm:p-5" noValidate>
        <div className="grid gap-5 lg:grid-cols-2">
          <Choice
            legend={t('after')}
            name="after-expiry"
            options={contentAfterExpiry.options.map((option) => ({ option, name: t(option), meaning: t(`${option}Meaning`) }))}
            value={after}
            onChange={setAfter}
            disabled={!mayChange}
          />
          <Choice
            legend={t('senders')}
            name="senders-expiry"
            options={senderExpiryPolicy.options.map((option) => ({ option, name: t(option), meaning: t(`${option}Meaning`) }))}
            value={senders}
            onChange={setSenders}
            disabled={!mayChange}
          />
        </div>
        <div className="max-w-56">
          <Field
            id="erase-after-days"
            label={t('days')}
            hint={t('daysHint')}
            error={isWrong ? t('daysWrong') : undefined}
            inputMode="numeric"
            value={days}
            disabled={!mayChange || after === 'keep'}
            onChange={(event) => setDays(event.target.value)}
          />
        </div>
        <SaveFoot mayChange={mayChange} pending={pending} saved={isSaved ? t('saved') : null} refusal={refusal} />
      </form>
      {/* Beside the form, not in it: what is submitted in the dialog would reach the form too. */}
      <ActDialog
        open={erasable !== null}
        onClose={() => setErasable(null)}
        title={t('confirm.title')}
        description={t('confirm.text', {
          count: erasable?.messages ?? 0,
          size: sizeText(erasable?.bytes ?? 0, locale),
          days: wanted.eraseAfterDays,
        })}
        submit={t('confirm.submit')}
        act={() => changeSettings(wanted)}
        onDone={() => {
          setErasable(null);
          setIsSaved(true);
        }}
      />
    </>
  );
}

interface ChoiceProps<O extends string> {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly { readonly option: O; readonly name: string; readonly meaning: string }[];
  readonly value: O;
  readonly onChange: (option: O) => void;
  readonly disabled: boolean;
}

function Choice<O extends string>({ legend, name, options, value, onChange, disabled }: ChoiceProps<O>) {
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="text-sm font-medium">{legend}</legend>
      <div className="mt-1.5 divide-y divide-line overflow-hidden rounded-lg border border-line">
        {options.map((each) => (
          <div key={each.option} className="px-3.5 py-2.5 text-sm has-checked:bg-raised">
            <label className="flex cursor-pointer items-center gap-3 font-medium">
              <input
                type="radio"
                name={name}
                value={each.option}
                checked={each.option === value}
                onChange={() => onChange(each.option)}
                aria-describedby={`${name}-${each.option}`}
                className="size-4 shrink-0 accent-primary"
              />
              {each.name}
            </label>
            <p id={`${name}-${each.option}`} className="pl-7 text-quiet">
              {each.meaning}
            </p>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
