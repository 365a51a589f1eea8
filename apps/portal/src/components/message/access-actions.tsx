'use client';

import { Ban, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Dialog, DialogContent, DialogTrigger } from '../ui/dialog.tsx';
import { Button } from '../ui/button.tsx';
import type { ChangeAccess } from './access-change.ts';
import { AccessForm } from './access-form.tsx';

interface AccessActionsProps {
  readonly message: string;
  /** Addresses that a revocation would refuse, and those that a restoration would let in again. */
  readonly revocable: readonly string[];
  readonly restorable: readonly string[];
  /** Addresses that mail has reached unwrapped. */
  readonly unreachable: readonly string[];
  /** The server's action that does it, for whoever is signed in here. */
  readonly changeAccess: ChangeAccess;
  readonly signInPath: string;
}

const acts = { revoke: { icon: Ban, variant: 'danger' }, restore: { icon: RotateCcw, variant: 'secondary' } } as const;

/** The buttons that take a message back and give it again: each only where it does something. */
export function AccessActions({ message, revocable, restorable, unreachable, changeAccess, signInPath }: AccessActionsProps) {
  const t = useTranslations('admin.dialog');
  const common = useTranslations('common');
  const [open, setOpen] = useState<keyof typeof acts | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const succeeded = useRef(false);
  const status = useRef<HTMLOutputElement>(null);
  const addresses = { revoke: revocable, restore: restorable };
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex gap-2">
        {(['revoke', 'restore'] as const).map((act) => {
          const { icon: Icon, variant } = acts[act];
          if (addresses[act].length === 0 && open !== act) return null;
          return (
            <Dialog
              key={act}
              open={open === act}
              onOpenChange={(wanted) => {
                if (wanted) {
                  succeeded.current = false;
                  setDone(null);
                }
                setOpen(wanted ? act : null);
              }}
            >
              <DialogTrigger asChild>
                <Button variant={variant} className="flex-1 sm:flex-none">
                  <Icon aria-hidden />
                  {t(`${act}.open`)}
                </Button>
              </DialogTrigger>
              <DialogContent
                title={t(`${act}.title`)}
                description={t(`${act}.text`)}
                closeLabel={common('close')}
                onCloseAutoFocus={(event) => {
                  if (!succeeded.current) return;
                  // The button that opened it may be gone with what it did.
                  event.preventDefault();
                  status.current?.focus();
                }}
              >
                <AccessForm
                  act={act}
                  message={message}
                  addresses={addresses[act]}
                  unreachable={act === 'revoke' ? unreachable : []}
                  changeAccess={changeAccess}
                  signInPath={signInPath}
                  onDone={(count) => {
                    succeeded.current = true;
                    setDone(t(`${act}.done`, { count }));
                    setOpen(null);
                  }}
                />
              </DialogContent>
            </Dialog>
          );
        })}
      </div>
      <output ref={status} tabIndex={-1} className="block rounded text-sm text-success empty:hidden">
        {done}
      </output>
    </div>
  );
}
