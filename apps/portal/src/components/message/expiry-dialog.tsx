'use client';

import { CalendarClock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '../ui/dialog.tsx';
import type { ChangeExpiry, ExpiringMessage } from './expiry-change.ts';
import { ExpiryForm } from './expiry-form.tsx';

interface ExpiryDialogProps {
  readonly message: ExpiringMessage;
  /** The server's action that does it, for whoever is signed in here. */
  readonly changeExpiry: ChangeExpiry;
  readonly signInPath: string;
}

/** The button that changes when a message expires, where whoever looks may, and what it asks. */
export function ExpiryDialog({ message, changeExpiry, signInPath }: ExpiryDialogProps) {
  const t = useTranslations('admin.dialog.expiry');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const succeeded = useRef(false);
  const status = useRef<HTMLOutputElement>(null);
  const { shorten, extend } = message.expiryChange;
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      {shorten || extend || open ? (
        <Dialog
          open={open}
          onOpenChange={(wanted) => {
            if (wanted) {
              succeeded.current = false;
              setDone(false);
            }
            setOpen(wanted);
          }}
        >
          <DialogTrigger asChild>
            <Button variant="secondary">
              <CalendarClock aria-hidden />
              {t('open')}
            </Button>
          </DialogTrigger>
          <DialogContent
            title={t('title')}
            description={t(extend ? 'text' : 'textShortenOnly')}
            closeLabel={common('close')}
            onCloseAutoFocus={(event) => {
              if (!succeeded.current) return;
              event.preventDefault();
              status.current?.focus();
            }}
          >
            <ExpiryForm
              message={message}
              changeExpiry={changeExpiry}
              signInPath={signInPath}
              onDone={() => {
                succeeded.current = true;
                setDone(true);
                setOpen(false);
              }}
            />
          </DialogContent>
        </Dialog>
      ) : null}
      <output ref={status} tabIndex={-1} className="block rounded text-sm text-success empty:hidden">
        {done ? t('done') : null}
      </output>
    </div>
  );
}
