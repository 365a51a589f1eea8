'use client';

import type { Webhook } from '@signet/api-contract/webhooks';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CopyText } from '../../../../components/copy-text.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../../../../components/ui/dialog.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { faultWordOf } from '../receiver-fault.ts';
import type { ReceiverDialogProps } from '../receiver-list.tsx';
import { placeIn, ReplayBox } from '../replay-box.tsx';
import { changeWebhooks } from './change-webhooks.ts';
import type { WebhookDraft } from './change-webhooks.ts';
import { WebhookBoxes } from './webhook-boxes.tsx';

export type WebhookAct = 'create' | 'edit' | 'test' | 'replay' | 'rotate' | 'enable' | 'disable' | 'remove';

/** Asks before an act on a webhook, does it, and shows a secret that it made: as long as the dialog is open, and never again. */
export function WebhookDialog({ act, receiver: webhook, onClose, onDone, onCloseAutoFocus }: ReceiverDialogProps<Webhook, WebhookAct>) {
  const t = useTranslations('webhooks');
  const words = useTranslations('receivers');
  const [draft, setDraft] = useState(() => draftOf(webhook));
  const [index, setIndex] = useState('0');
  const [fault, setFault] = useState({ field: '', detail: '' });
  const [secret, setSecret] = useState<string | null>(null);
  const isDraft = act === 'create' || act === 'edit';
  const name = isDraft ? draft.name : (webhook?.name ?? '');

  async function perform() {
    const place = placeIn(index);
    const wrong =
      isDraft && draft.entries === 'some' && draft.operations.length === 0
        ? { field: 'operations', detail: t('box.chooseOne') }
        : act === 'replay' && place === null
          ? { field: 'index', detail: words('indexWrong') }
          : null;
    setFault(wrong ?? { field: '', detail: '' });
    if (wrong) return 'detail' as const;
    const id = webhook?.id ?? '';
    const answer = await changeWebhooks(
      act === 'create'
        ? { act, draft }
        : act === 'edit'
          ? { act, id, draft }
          : act === 'replay'
            ? { act, id, index: place ?? 0 }
            : { act, id },
    );
    setFault({ field: answer.field, detail: answer.detail });
    setSecret(answer.secret);
    return answer.refusal;
  }

  if (secret !== null) return <ShownSecret secret={secret} onClose={onClose} onCloseAutoFocus={onCloseAutoFocus} />;
  const errorAt = (field: string) => (fault.field === field ? words(faultWordOf(fault.detail), { detail: plainText(fault.detail) }) : null);
  const hasBox = isDraft ? ['name', 'url', 'operations'] : act === 'replay' ? ['index'] : [];
  return (
    <ActDialog
      open
      onClose={onClose}
      title={t(`act.${act}.title`, { name: webhook?.name ?? '' })}
      description={<p>{t(`act.${act}.text`)}</p>}
      submit={t(`act.${act}.submit`)}
      variant={act === 'remove' || act === 'disable' ? 'danger' : 'primary'}
      act={perform}
      refused={hasBox.includes(fault.field) ? {} : { detail: fault.detail }}
      onDone={() => {
        onDone(t(`act.${act}.done`, { name }));
        if (act !== 'create' && act !== 'rotate') onClose();
      }}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      {isDraft ? <WebhookBoxes draft={draft} onChange={setDraft} errorAt={errorAt} /> : null}
      {act === 'replay' ? <ReplayBox place={webhook?.nextIndex ?? 0} value={index} onChange={setIndex} error={errorAt('index')} /> : null}
    </ActDialog>
  );
}

function draftOf(webhook: Webhook | null): WebhookDraft {
  if (webhook === null) return { name: '', url: '', entries: 'all', operations: [], alerts: false, checkpoints: false };
  const { name, url, operations, alerts, checkpoints } = webhook;
  const entries = operations === null ? 'all' : operations.length === 0 ? 'none' : 'some';
  return { name, url, entries, operations: [...(operations ?? [])], alerts, checkpoints };
}

interface ShownSecretProps {
  readonly secret: string;
  readonly onClose: () => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

function ShownSecret({ secret, onClose, onCloseAutoFocus }: ShownSecretProps) {
  const t = useTranslations('webhooks.secret');
  const common = useTranslations('common');
  return (
    <Dialog open onOpenChange={(wanted) => (wanted ? undefined : onClose())}>
      <DialogContent title={t('title')} description={t('text')} closeLabel={common('close')} onCloseAutoFocus={onCloseAutoFocus}>
        <div className="flex items-center gap-2 rounded-lg border border-edge bg-raised py-1.5 pr-1.5 pl-3.5">
          <code className="min-w-0 flex-1 font-mono text-sm break-all select-all">{secret}</code>
          <CopyText text={secret} label={t('copy')} doneLabel={t('copied')} />
        </div>
        <div className="mt-5 flex justify-end">
          <DialogClose asChild>
            <Button>{t('done')}</Button>
          </DialogClose>
        </div>
      </DialogContent>
    </Dialog>
  );
}
