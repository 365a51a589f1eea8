'use client';

import type { SyslogDestination } from '@signet/api-contract/syslog-destinations';
import { SYSLOG_MESSAGE } from '@signet/domain/syslog';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { Field } from '../../../../components/ui/field.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { faultWordOf } from '../receiver-fault.ts';
import type { ReceiverDialogProps } from '../receiver-list.tsx';
import { placeIn, ReplayBox } from '../replay-box.tsx';
import { changeSyslog } from './change-syslog.ts';
import type { SyslogDraft } from './change-syslog.ts';
import { PemBox } from './pem-box.tsx';

export type SyslogAct = 'create' | 'edit' | 'test' | 'replay' | 'enable' | 'disable' | 'remove';

/** Asks before an act on a syslog destination, and does it. */
export function SyslogDialog(props: ReceiverDialogProps<SyslogDestination, SyslogAct>) {
  const { act, receiver: destination, onClose, onDone, onCloseAutoFocus } = props;
  const t = useTranslations('syslog');
  const words = useTranslations('receivers');
  const [before] = useState<SyslogDraft>({
    name: destination?.name ?? '',
    host: destination?.host ?? '',
    port: String(destination?.port ?? 6514),
    certificateAuthority: destination?.certificateAuthority ?? '',
    clientCertificate: destination?.clientCertificate ?? '',
    clientKey: '',
    maxMessageBytes: String(destination?.maxMessageBytes ?? SYSLOG_MESSAGE.preset),
  });
  const [draft, setDraft] = useState(before);
  const [index, setIndex] = useState('0');
  const [fault, setFault] = useState({ field: '', detail: '' });
  const isDraft = act === 'create' || act === 'edit';
  const name = isDraft ? draft.name : (destination?.name ?? '');

  async function perform() {
    const place = placeIn(index);
    const noNumber = (['port', 'maxMessageBytes'] as const).find((field) => !/^\d+$/.test(draft[field].trim()));
    const wrong =
      isDraft && noNumber !== undefined
        ? { field: noNumber, detail: t('box.noNumber') }
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
          ? { act, id, before, draft }
          : act === 'replay'
            ? { act, id, index: place ?? 0 }
            : { act, id },
    );
    setFault({ field: answer.field, detail: answer.detail });
    return answer.refusal;
  }

  const errorAt = (field: string) => (fault.field === field ? words(faultWordOf(fault.detail), { detail: plainText(fault.detail) }) : null);
  const hasBox: string[] = isDraft ? Object.keys(draft) : act === 'replay' ? ['index'] : [];
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

/** A name, where it is, who vouches for it, and folded away what few receivers ask for. */
function Boxes({ draft, onChange, errorAt }: BoxesProps) {
  const t = useTranslations('syslog.box');
  const isUsual = draft.clientCertificate === '' && draft.maxMessageBytes === String(SYSLOG_MESSAGE.preset);
  const [isOpen, setOpen] = useState(!isUsual);
  // What is wrong must be seen, also where it was folded away again.
  const hasFault = (['clientCertificate', 'clientKey', 'maxMessageBytes'] as const).some((field) => errorAt(field) !== null);
  const boxOf = (field: 'name' | 'host' | 'port' | 'maxMessageBytes', maxLength: number) => ({
    id: `syslog-${field}`,
    label: t(field),
    autoComplete: 'off',
    spellCheck: false,
    maxLength,
    value: draft[field],
    onChange: (event: { target: { value: string } }) => onChange({ ...draft, [field]: event.target.value }),
    error: errorAt(field),
  });
  const pemOf = (field: 'certificateAuthority' | 'clientCertificate' | 'clientKey', kind: string) => ({
    id: `syslog-${field}`,
    label: t(field),
    hint: t(`${field}Hint`),
    placeholder: `-----BEGIN ${kind}-----`,
    value: draft[field],
    onChange: (value: string) => onChange({ ...draft, [field]: value }),
    error: errorAt(field),
  });
  return (
    <>
      <Field {...boxOf('name', 100)} />
      <div className="grid gap-4 sm:grid-cols-[1fr_6rem]">
        <Field autoCapitalize="none" hint={t('hostHint')} {...boxOf('host', 253)} />
        <Field inputMode="numeric" {...boxOf('port', 5)} />
      </div>
      <PemBox {...pemOf('certificateAuthority', 'CERTIFICATE')} />
      <details open={isOpen || hasFault} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="w-fit cursor-pointer rounded py-1 text-sm underline underline-offset-2">{t('more')}</summary>
        <div className="mt-3 space-y-4">
          <PemBox {...pemOf('clientCertificate', 'CERTIFICATE')} />
          <PemBox {...pemOf('clientKey', 'PRIVATE KEY')} />
          <Field inputMode="numeric" hint={t('maxMessageBytesHint', SYSLOG_MESSAGE)} {...boxOf('maxMessageBytes', 6)} />
        </div>
      </details>
    </>
  );
}
