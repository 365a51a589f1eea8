'use client';

import type { ReauthenticationMethod } from '@signet/domain/member-authentication';
import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { asksForProof, Confirmation } from '../../../components/confirmation.ts';
import { Dialog, DialogContent } from '../../../components/ui/dialog.tsx';
import { ProofForm } from './proof-form.tsx';

interface ReauthenticationProps {
  readonly methods: readonly ReauthenticationMethod[];
  readonly children: ReactNode;
}

/** The one dialog in which members prove once more who they are. Any act on the page opens it through `useConfirmation`. */
export function Reauthentication({ methods, children }: ReauthenticationProps) {
  const t = useTranslations('account.confirm');
  const common = useTranslations('common');
  const [answer, setAnswer] = useState<((proved: boolean) => void) | null>(null);
  const origin = useRef<HTMLElement | null>(null);
  const confirm = useCallback(async <R,>(act: () => Promise<R>): Promise<R> => {
    // The button that was pressed may be disabled, and so without focus, by the time the api has answered.
    const focused = document.activeElement;
    const result = await act();
    if (!asksForProof(result)) return result;
    origin.current = focused instanceof HTMLElement ? focused : null;
    const proved = await new Promise<boolean>((resolve) => setAnswer(() => resolve));
    return proved ? act() : result;
  }, []);

  function close(proved: boolean) {
    answer?.(proved);
    setAnswer(null);
  }

  return (
    <Confirmation value={confirm}>
      {children}
      <Dialog open={answer !== null} onOpenChange={(open) => (open ? undefined : close(false))}>
        <DialogContent
          title={t('title')}
          description={t('text')}
          closeLabel={common('close')}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const back = origin.current;
            // After the act its own dialog says where the focus goes: here only what is still there gets it back.
            setTimeout(() => (back?.isConnected ? back.focus() : undefined), 0);
          }}
        >
          <ProofForm methods={methods} onProved={() => close(true)} onGivenUp={() => close(false)} />
        </DialogContent>
      </Dialog>
    </Confirmation>
  );
}
