'use client';

import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useSyncExternalStore, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { makePasskey, passkeyFailureOf } from '../../../../components/passkey.ts';
import type { PasskeyFailure } from '../../../../components/passkey.ts';
import { typedText } from '../../../../components/typed-text.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { isActRefusal } from '../act-refusal.ts';
import { addPasskey, beginPasskey } from './change-passkeys.ts';

interface PasskeyAdditionProps {
  readonly onDone: (recoveryCodes: readonly string[] | null) => void;
}

type Refusal = PasskeyFailure | Extract<Awaited<ReturnType<typeof addPasskey>>, { refusal: unknown }>['refusal'];

const unchanging = () => () => undefined;

/** Adds a passkey: first its name, then the browser's own window. */
export function PasskeyAddition({ onDone }: PasskeyAdditionProps) {
  const t = useTranslations('account.second.passkeys');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const supported = useSyncExternalStore(unchanging, browserSupportsWebAuthn, () => true);
  if (!supported) return <p className="text-sm text-quiet">{t('unsupported')}</p>;
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="secondary" size="small">
          {t('add')}
        </Button>
      </DialogTrigger>
      <DialogContent title={t('add')} description={t('addText')} closeLabel={common('close')}>
        <PasskeyForm
          onDone={(recoveryCodes) => {
            setOpen(false);
            onDone(recoveryCodes);
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

function PasskeyForm({ onDone }: PasskeyAdditionProps) {
  const t = useTranslations('account');
  const confirm = useConfirmation();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [pending, startTransition] = useTransition();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (refusal === 'name') box.current?.select();
  }, [refusal]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = typedText(event.currentTarget, 'name');
    // Said before the browser makes a passkey that would then be of no use.
    setRefusal(name.trim() === '' ? 'name' : null);
    if (name.trim() === '') return;
    startTransition(async () => {
      const answer = await confirm(() => make(name));
      startTransition(() => ('refusal' in answer ? setRefusal(answer.refusal) : onDone(answer.recoveryCodes)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-4">
      <Field
        ref={box}
        id="passkey-name"
        name="name"
        label={t('second.passkeys.nameLabel')}
        hint={t('second.passkeys.nameHint')}
        required
        maxLength={100}
        autoComplete="off"
        error={refusal === 'name' ? t('second.passkeys.refused.name') : null}
      />
      <div aria-live="assertive">{refusal === null || refusal === 'name' ? null : <RefusalNote refusal={refusal} />}</div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t('second.passkeys.submit')}
        </Button>
      </div>
    </form>
  );
}

function RefusalNote({ refusal }: { readonly refusal: Exclude<Refusal, 'name'> }) {
  const t = useTranslations('account');
  if (isActRefusal(refusal)) return <Alert tone="danger">{t(`refused.${refusal}`)}</Alert>;
  return <Alert tone={refusal === 'cancelled' ? 'note' : 'danger'}>{t(`second.passkeys.refused.${refusal}`)}</Alert>;
}

/** Has the browser make a passkey, and adds it. */
async function make(name: string): Promise<{ readonly recoveryCodes: readonly string[] | null } | { readonly refusal: Refusal }> {
  const away = { refusal: 'away' } as const;
  const begun = await beginPasskey().catch(() => away);
  if ('refusal' in begun) return begun;
  try {
    const response = await makePasskey(begun.options);
    return await addPasskey({ name, response }).catch(() => away);
  } catch (error) {
    return { refusal: passkeyFailureOf(error) };
  }
}
