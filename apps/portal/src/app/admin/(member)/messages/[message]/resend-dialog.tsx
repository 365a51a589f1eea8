'use client';

import { Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button } from '../../../../../components/ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '../../../../../components/ui/dialog.tsx';
import { ResendForm } from './resend-form.tsx';

interface ResendDialogProps {
  readonly message: string;
  /** Addresses of those who can still get the message. */
  readonly addresses: readonly string[];
}

/** The button that has the mail with the link sent again, and the dialog that names to whom: a recipient is mailed, so it asks first. */
export function ResendDialog({ message, addresses }: ResendDialogProps) {
  const t = useTranslations('admin.dialog.resend');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const succeeded = useRef(false);
  const status = useRef<HTMLOutputElement>(null);
  if (addresses.length === 0 && !open) return null;
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <Dialog
        open={open}
        onOpenChange={(wanted) => {
          if (wanted) {
            succeeded.current = false;
            setDone(null);
          }
          setOpen(wanted);
        }}
      >
        <DialogTrigger asChild>
          <Button variant="secondary">
            <Send aria-hidden />
            {t('open')}
          </Button>
        </DialogTrigger>
        <DialogContent
          title={t('title')}
          description={t('text')}
          closeLabel={common('close')}
          onCloseAutoFocus={(event) => {
            if (!succeeded.current) return;
            event.preventDefault();
            status.current?.focus();
          }}
        >
          <ResendForm
            message={message}
            addresses={addresses}
            onDone={(count) => {
              succeeded.current = true;
              setDone(t('done', { count }));
              setOpen(false);
            }}
          />
        </DialogContent>
      </Dialog>
      <output ref={status} tabIndex={-1} className="block rounded text-sm text-success empty:hidden">
        {done}
      </output>
    </div>
  );
}
