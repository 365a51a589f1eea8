'use client';

import { Gavel } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { HoldDialog } from './hold-dialog.tsx';

/** The button that places a hold on a message, on its page. */
export function HoldMessage({ message }: { readonly message: string }) {
  const t = useTranslations('custody.holds.act.message');
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <Button
        variant="secondary"
        onClick={() => {
          setDone('');
          setAsking(true);
        }}
      >
        <Gavel aria-hidden />
        {t('open')}
      </Button>
      {asking ? (
        <HoldDialog
          act="message"
          hold={null}
          message={message}
          forecast={null}
          onClose={() => setAsking(false)}
          onDone={(text) => {
            setDone(text);
            setAsking(false);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            status.current?.focus();
          }}
        />
      ) : null}
      <output ref={status} tabIndex={-1} className="block rounded text-sm text-success empty:hidden">
        {done}
      </output>
    </div>
  );
}
