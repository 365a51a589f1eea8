'use client';

import Image from 'next/image';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { CopyText } from '../../../../components/copy-text.tsx';
import { typedText } from '../../../../components/typed-text.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { beginTotp, confirmTotp } from './change-totp.ts';
import type { TotpSetup } from './change-totp.ts';

interface TotpSetupDialogProps {
  /** Whether another app is set up already. */
  readonly replaces: boolean;
  readonly onDone: (recoveryCodes: readonly string[] | null) => void;
}

/** Sets an authenticator app up: the secret as a picture and as text, then the proof that the app has it. */
export function TotpSetupDialog({ replaces, onDone }: TotpSetupDialogProps) {
  const t = useTranslations('account');
  const common = useTranslations('common');
  const confirm = useConfirmation();
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [pending, startTransition] = useTransition();
  const button = useRef<HTMLButtonElement>(null);

  function begin() {
    setRefusal(null);
    startTransition(async () => {
      const answer = await confirm(() => beginTotp().catch((): { refusal: ActRefusal } => ({ refusal: 'away' })));
      startTransition(() => ('refusal' in answer ? setRefusal(answer.refusal) : setSetup(answer)));
    });
  }

  return (
    <>
      {refusal === null ? null : (
        <p role="alert" className="basis-full text-sm text-danger">
          {t(`refused.${refusal}`)}
        </p>
      )}
      <Button ref={button} variant="secondary" size="small" disabled={pending} onClick={begin}>
        {t(replaces ? 'second.totp.replace' : 'second.totp.setUp')}
      </Button>
      <Dialog open={setup !== null} onOpenChange={(open) => (open ? undefined : setSetup(null))}>
        <DialogContent
          title={t('totp.title')}
          description={t(replaces ? 'totp.textReplace' : 'totp.text')}
          closeLabel={common('close')}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            button.current?.focus();
          }}
        >
          {setup === null ? null : (
            <TotpForm
              setup={setup}
              onDone={(recoveryCodes) => {
                setSetup(null);
                onDone(recoveryCodes);
              }}
            />
          )}
        </DialogContent>
      </Dialog>
    </>
  );
}

interface TotpFormProps {
  readonly setup: TotpSetup;
  readonly onDone: TotpSetupDialogProps['onDone'];
}

type CodeRefusal = Extract<Awaited<ReturnType<typeof confirmTotp>>, { refusal: unknown }>['refusal'];

function TotpForm({ setup, onDone }: TotpFormProps) {
  const t = useTranslations('account');
  const [refusal, setRefusal] = useState<CodeRefusal | null>(null);
  const [pending, startTransition] = useTransition();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (refusal === null || refusal === 'code') box.current?.select();
  }, [refusal]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = typedText(event.currentTarget, 'code');
    setRefusal(null);
    startTransition(async () => {
      const answer = await confirmTotp(code).catch(() => ({ refusal: 'away' }) as const);
      startTransition(() => ('refusal' in answer ? setRefusal(answer.refusal) : onDone(answer.recoveryCodes)));
    });
  }

  const inGroups = setup.secret.match(/.{1,4}/g)?.join(' ') ?? setup.secret;
  return (
    <form onSubmit={submit} className="space-y-4">
      <div className="flex flex-col items-center gap-4 sm:flex-row sm:items-start">
        <Image
          src={setup.qrCode}
          alt={t('totp.qrCode')}
          width={168}
          height={168}
          className="shrink-0 rounded-lg border border-line bg-white"
        />
        <div className="min-w-0 text-sm">
          <p className="text-quiet">{t('totp.bySecret')}</p>
          <div className="mt-2 flex items-start gap-1">
            <code className="min-w-0 rounded bg-raised px-2 py-1 font-mono text-sm wrap-anywhere">{inGroups}</code>
            <CopyText text={setup.secret} label={t('totp.copy')} doneLabel={t('totp.copied')} />
          </div>
        </div>
      </div>
      <Field
        ref={box}
        id="totp-code"
        name="code"
        label={t('totp.code')}
        hint={t('totp.codeHint')}
        inputMode="numeric"
        autoComplete="one-time-code"
        className="font-mono tracking-wider"
        required
        maxLength={20}
        error={refusal === 'code' ? t('totp.refused.code') : null}
      />
      <div aria-live="assertive">
        {refusal === null || refusal === 'code' ? null : (
          <Alert tone="danger">
            {refusal === 'over' || refusal === 'tooMany' ? t(`totp.refused.${refusal}`) : t(`refused.${refusal}`)}
          </Alert>
        )}
      </div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t('totp.submit')}
        </Button>
      </div>
    </form>
  );
}
