'use client';

import type { Webhook } from '@signet/api-contract/webhooks';
import { CHECKPOINT_ADDRESSES } from '@signet/domain/checkpoint-delivery';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { Button } from '../../../../components/ui/button.tsx';
import { Checkbox } from '../../../../components/ui/checkbox.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeDelivery } from './change-delivery.ts';
import type { DeliveryAnswer } from './change-delivery.ts';

type Named = Pick<Webhook, 'id' | 'name' | 'checkpoints'>;

interface DeliveryFormProps {
  readonly everyHours: number;
  readonly toAdmins: boolean;
  readonly addresses: readonly string[];
  readonly webhooks: readonly Named[];
}

/** Has it changed how often checkpoints leave, and to whom. */
export function DeliveryForm(props: DeliveryFormProps) {
  const t = useTranslations('log.delivery');
  const [isOpen, setIsOpen] = useState(false);
  const [isSaved, setIsSaved] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
      <Button
        variant="secondary"
        onClick={() => {
          setIsSaved(false);
          setIsOpen(true);
        }}
      >
        {t('change.open')}
      </Button>
      <output className="text-sm text-success">{isSaved ? t('change.saved') : ''}</output>
      {isOpen ? (
        <DeliveryDialog
          {...props}
          onClose={() => setIsOpen(false)}
          onDone={() => {
            setIsOpen(false);
            setIsSaved(true);
          }}
        />
      ) : null}
    </div>
  );
}

interface DeliveryDialogProps extends DeliveryFormProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function DeliveryDialog({ everyHours, toAdmins, addresses, webhooks, onClose, onDone }: DeliveryDialogProps) {
  const t = useTranslations('log.delivery.change');
  const [hours, setHours] = useState(String(everyHours));
  const [isToAdmins, setIsToAdmins] = useState(toAdmins);
  const [lines, setLines] = useState(addresses.join('\n'));
  const [chosen, setChosen] = useState(() => new Set(webhooks.flatMap(({ id, checkpoints }) => (checkpoints ? [id] : []))));
  const [faults, setFaults] = useState<DeliveryAnswer['faults']>([]);

  async function save() {
    const given = lines.split(/[\n,;]/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    const wrong: DeliveryAnswer['faults'] = [
      ...(/^([1-9]|1\d|2[0-4])$/.test(hours.trim()) ? [] : [{ box: 'everyHours' as const, about: '', detail: t('hoursWrong') }]),
      ...(given.length > CHECKPOINT_ADDRESSES
        ? [{ box: 'addresses' as const, about: '', detail: t('addressesMany', { most: CHECKPOINT_ADDRESSES }) }]
        : []),
    ];
    setFaults(wrong);
    if (wrong.length > 0) return 'faults' as const;
    const changed = webhooks.flatMap(({ id, checkpoints }) =>
      chosen.has(id) === checkpoints ? [] : [{ id, checkpoints: chosen.has(id) }],
    );
    const answer = await changeDelivery({ everyHours: Number(hours), toAdmins: isToAdmins, addresses: given, webhooks: changed });
    setFaults(answer.faults);
    return answer.refusal;
  }

  const at = (box: DeliveryAnswer['faults'][number]['box']) => faults.filter((fault) => fault.box === box);
  const nameOf = (id: string) => webhooks.find((webhook) => webhook.id === id)?.name ?? '';
  const said = (fault: DeliveryAnswer['faults'][number]) =>
    fault.about === ''
      ? t('fault', { detail: fault.detail })
      : t('faultOf', { name: plainText(fault.box === 'webhooks' ? nameOf(fault.about) : fault.about), detail: fault.detail });
  const [hoursFault] = at('everyHours');
  const addressFaults = at('addresses');
  return (
    <ActDialog
      open
      onClose={onClose}
      title={t('title')}
      description={<p>{t('text')}</p>}
      submit={t('submit')}
      variant="primary"
      act={save}
      onDone={onDone}
    >
      <Field
        id="delivery-hours"
        label={t('hours')}
        hint={t('hoursHint')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={2}
        value={hours}
        onChange={(event) => setHours(event.target.value)}
        error={hoursFault === undefined ? null : said(hoursFault)}
      />
      <div className="space-y-1.5">
        <Checkbox
          className="-mx-3.5 rounded-lg"
          label={t('admins')}
          checked={isToAdmins}
          onChange={(event) => setIsToAdmins(event.target.checked)}
        />
        <Label htmlFor="delivery-addresses">{t('addresses')}</Label>
        <Textarea
          id="delivery-addresses"
          rows={3}
          maxLength={8_000}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          value={lines}
          onChange={(event) => setLines(event.target.value)}
          aria-describedby={addressFaults.length === 0 ? 'delivery-addresses-hint' : 'delivery-addresses-hint delivery-addresses-error'}
          {...(addressFaults.length === 0 ? {} : { 'aria-invalid': true })}
        />
        <p id="delivery-addresses-hint" className="text-xs text-quiet">
          {t('addressesHint')}
        </p>
        <Faults id="delivery-addresses-error">{addressFaults.map(said)}</Faults>
      </div>
      <fieldset className="min-w-0">
        <legend className="text-sm font-medium">{t('webhooks')}</legend>
        {webhooks.length === 0 ? <p className="mt-1 text-sm text-quiet">{t('noWebhooks')}</p> : null}
        {webhooks.map(({ id, name }) => (
          <Checkbox
            key={id}
            className="-mx-3.5 rounded-lg"
            label={plainText(name)}
            checked={chosen.has(id)}
            onChange={(event) => setChosen(new Set(event.target.checked ? [...chosen, id] : [...chosen].filter((other) => other !== id)))}
          />
        ))}
        <Faults id="delivery-webhooks-error">{at('webhooks').map(said)}</Faults>
      </fieldset>
      <p className="text-sm text-quiet">{t('syslog')}</p>
    </ActDialog>
  );
}

function Faults({ id, children }: { readonly id: string; readonly children: readonly ReactNode[] }) {
  return (
    <div aria-live="polite">
      {children.length === 0 ? null : (
        <ul id={id} className="space-y-1 text-sm break-words text-danger">
          {children.map((fault, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- they are said anew after each try, all at once
            <li key={index}>{fault}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
