'use client';

import type { Webhook } from '@signet/api-contract/webhooks';
import { operationNames } from '@signet/domain/audit/operation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CopyText } from '../../../../components/copy-text.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeWebhooks } from './change-webhooks.ts';
import type { WebhookDraft } from './change-webhooks.ts';

export type WebhookAct = 'create' | 'test' | 'replay' | 'rotate' | 'enable' | 'disable' | 'remove';

interface WebhookDialogProps {
  readonly act: WebhookAct;
  /** Null where one is made. */
  readonly webhook: Webhook | null;
  readonly onClose: () => void;
  /** Told what was done, in a sentence. */
  readonly onDone: (text: string) => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** Asks before an act on a webhook, does it, and shows a secret that it made: as long as the dialog is open, and never again. */
export function WebhookDialog({ act, webhook, onClose, onDone, onCloseAutoFocus }: WebhookDialogProps) {
  const t = useTranslations('webhooks');
  const [draft, setDraft] = useState<WebhookDraft>({ name: '', url: '', operations: [], alerts: false });
  const [index, setIndex] = useState('0');
  const [fault, setFault] = useState({ field: '', detail: '' });
  const [secret, setSecret] = useState<string | null>(null);
  const name = webhook?.name ?? draft.name;

  async function perform() {
    setFault({ field: '', detail: '' });
    const id = webhook?.id ?? '';
    const answer = await changeWebhooks(
      act === 'create' ? { act, draft } : act === 'replay' ? { act, id, index: index.trim() === '' ? 'x' : index } : { act, id },
    );
    setFault({ field: answer.field, detail: answer.detail });
    setSecret(answer.secret);
    return answer.refusal;
  }

  if (secret !== null) return <ShownSecret secret={secret} onClose={onClose} onCloseAutoFocus={onCloseAutoFocus} />;
  const errorAt = (field: string) => (fault.field === field ? t('fault', { detail: fault.detail }) : null);
  const hasBox = act === 'create' ? ['name', 'url'] : act === 'replay' ? ['index'] : [];
  return (
    <ActDialog
      open
      onClose={onClose}
      title={t(`act.${act}.title`, { name })}
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
      {act === 'create' ? <Boxes draft={draft} onChange={setDraft} errorAt={errorAt} /> : null}
      {act === 'replay' ? (
        <Field
          id="webhook-index"
          label={t('box.index')}
          hint={t('box.indexHint', { place: webhook?.nextIndex ?? 0 })}
          inputMode="numeric"
          autoComplete="off"
          maxLength={15}
          value={index}
          onChange={(event) => setIndex(event.target.value)}
          error={errorAt('index')}
        />
      ) : null}
    </ActDialog>
  );
}

interface BoxesProps {
  readonly draft: WebhookDraft;
  readonly onChange: (draft: WebhookDraft) => void;
  readonly errorAt: (field: string) => string | null;
}

/** A name, an address, and what is sent there. */
function Boxes({ draft, onChange, errorAt }: BoxesProps) {
  const t = useTranslations('webhooks.box');
  return (
    <>
      <Field
        id="webhook-name"
        label={t('name')}
        autoComplete="off"
        maxLength={100}
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.target.value })}
        error={errorAt('name')}
      />
      <Field
        id="webhook-url"
        label={t('url')}
        hint={t('urlHint')}
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="none"
        maxLength={2000}
        value={draft.url}
        onChange={(event) => onChange({ ...draft, url: event.target.value })}
        error={errorAt('url')}
      />
      <fieldset className="min-w-0">
        <legend className="text-sm font-medium">{t('operations')}</legend>
        <p className="text-xs text-quiet">{t('operationsHint')}</p>
        <ul className="mt-1.5 grid max-h-48 gap-x-4 overflow-y-auto rounded-lg border border-line px-3.5 py-2 sm:grid-cols-2">
          {operationNames.map((operation) => (
            <li key={operation}>
              <label className="flex cursor-pointer items-center gap-2 py-1 font-mono text-xs">
                <input
                  type="checkbox"
                  checked={draft.operations.includes(operation)}
                  onChange={(event) =>
                    onChange({
                      ...draft,
                      operations: event.target.checked
                        ? [...draft.operations, operation]
                        : draft.operations.filter((other) => other !== operation),
                    })
                  }
                  className="size-4 shrink-0 accent-primary"
                />
                {operation}
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <label className="flex cursor-pointer items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={draft.alerts}
          onChange={(event) => onChange({ ...draft, alerts: event.target.checked })}
          className="size-4 shrink-0 accent-primary"
        />
        {t('alerts')}
      </label>
    </>
  );
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
