'use client';

import type { SyslogDestination } from '@signet/api-contract/syslog-destinations';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { Field } from '../../../../components/ui/field.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { faultWordOf } from '../receiver-fault.ts';
import type { ReceiverDialogProps } from '../receiver-list.tsx';
import { placeIn, ReplayBox } from '../replay-box.tsx';
import { changeSyslog } from './change-syslog.ts';
import type { SyslogDraft } from './change-syslog.ts';

export type SyslogAct = 'create' | 'edit' | 'test' | 'replay' | 'enable' | 'disable' | 'remove';

/** Asks before an act on a syslog destination, and does it. */
export function SyslogDialog(props: ReceiverDialogProps<SyslogDestination, SyslogAct>) {
  const { act, receiver: destination, onClose, onDone, onCloseAutoFocus } = props;
  const t = useTranslations('syslog');
  const words = useTranslations('receivers');
  const [draft, setDraft] = useState<SyslogDraft>({
    name: destination?.name ?? '',
    host: destination?.host ?? '',
    port: String(destination?.port ?? 6514),
    certificateAuthority: destination?.certificateAuthority ?? '',
  });
  const [index, setIndex] = useState('0');
  const [fault, setFault] = useState({ field: '', detail: '' });
  const isDraft = act === 'create' || act === 'edit';
  const name = isDraft ? draft.name : (destination?.name ?? '');

  async function perform() {
    const place = placeIn(index);
    const wrong =
      isDraft && !/^\d+$/.test(draft.port.trim())
        ? { field: 'port', detail: t('box.portWrong') }
        : act === 'replay' && place === null
          ? { field: 'index', detail: words('indexWrong') }
          : null;
    setFault(wrong ?? { field: '', detail: '' });
    if (wrong) return 'detail' as const;
    const id = destination?.id ?? '';
    const answer = await changeSyslog(
      act === 'create'
        ? { act, draft }
        : act === 'edit'
          ? { act, id, draft }
          : act === 'replay'
            ? { act, id, index: place ?? 0 }
            : { act, id },
    );
    setFault({ field: answer.field, detail: answer.detail });
    return answer.refusal;
  }

  const errorAt = (field: string) => (fault.field === field ? words(faultWordOf(fault.detail), { detail: plainText(fault.detail) }) : null);
  const hasBox = isDraft ? ['name', 'host', 'port', 'certificateAuthority'] : act === 'replay' ? ['index'] : [];
  return (
    <ActDialog
      open
      onClose={onClose}
      title={t(`act.${act}.title`, { name: destination?.name ?? '' })}
      description={<p>{t(`act.${act}.text`)}</p>}
      submit={t(`act.${act}.submit`)}
      variant={act === 'remove' || act === 'disable' ? 'danger' : 'primary'}
      act={perform}
      refused={hasBox.includes(fault.field) ? {} : { detail: fault.detail }}
      onDone={() => {
        onDone(t(`act.${act}.done`, { name }));
        onClose();
      }}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      {isDraft ? <Boxes draft={draft} onChange={setDraft} errorAt={errorAt} /> : null}
      {act === 'replay' ? (
        <ReplayBox place={destination?.nextIndex ?? 0} value={index} onChange={setIndex} error={errorAt('index')} />
      ) : null}
    </ActDialog>
  );
}

interface BoxesProps {
  readonly draft: SyslogDraft;
  readonly onChange: (draft: SyslogDraft) => void;
  readonly errorAt: (field: string) => string | null;
}

/** A name, where it is, and who vouches for it. */
function Boxes({ draft, onChange, errorAt }: BoxesProps) {
  const t = useTranslations('syslog.box');
  const boxOf = (field: 'name' | 'host' | 'port', maxLength: number) => ({
    id: `syslog-${field}`,
    label: t(field),
    autoComplete: 'off',
    spellCheck: false,
    maxLength,
    value: draft[field],
    onChange: (event: { target: { value: string } }) => onChange({ ...draft, [field]: event.target.value }),
    error: errorAt(field),
  });
  const error = errorAt('certificateAuthority');
  return (
    <>
      <Field {...boxOf('name', 100)} />
      <div className="grid gap-4 sm:grid-cols-[1fr_6rem]">
        <Field autoCapitalize="none" hint={t('hostHint')} {...boxOf('host', 253)} />
        <Field inputMode="numeric" {...boxOf('port', 5)} />
      </div>
      <div className="space-y-1.5">
        <Label htmlFor="syslog-authority">{t('authority')}</Label>
        <Textarea
          id="syslog-authority"
          rows={4}
          maxLength={20_000}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          className="font-mono"
          placeholder="-----BEGIN CERTIFICATE-----"
          value={draft.certificateAuthority}
          onChange={(event) => onChange({ ...draft, certificateAuthority: event.target.value })}
          aria-describedby={error === null ? 'syslog-authority-hint' : 'syslog-authority-hint syslog-authority-error'}
          {...(error === null ? {} : { 'aria-invalid': true })}
        />
        <p id="syslog-authority-hint" className="text-xs text-quiet">
          {t('authorityHint')}
        </p>
        <div aria-live="polite">
          {error === null ? null : (
            <p id="syslog-authority-error" className="text-sm text-danger">
              {error}
            </p>
          )}
        </div>
      </div>
    </>
  );
}
