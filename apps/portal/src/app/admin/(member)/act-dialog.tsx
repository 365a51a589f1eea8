'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState, useTransition } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useConfirmation } from '../../../components/confirmation.ts';
import { Alert } from '../../../components/ui/alert.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../../../components/ui/dialog.tsx';
import { isActRefusal } from './act-refusal.ts';
import type { ActRefusal } from './act-refusal.ts';

interface ActDialogProps<R extends string> {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, to whom, and whether it can be undone. */
  readonly description: ReactNode;
  readonly submit: string;
  readonly variant?: 'danger' | 'primary';
  /** Whether it cannot be done as things are: the description says why. */
  readonly impossible?: boolean;
  /** In force when this returns null. */
  readonly act: () => Promise<R | ActRefusal | null>;
  /** Texts of refusals that only this act has; one without is said by `children`, at its box. */
  readonly refused?: Readonly<Partial<Record<Exclude<R, ActRefusal>, string>>>;
  readonly onDone: () => void;
  /** Where the focus goes after it was done; after a change of mind it goes back to what opened the dialog. */
  readonly onCloseAutoFocus?: (event: Event) => void;
  /** What is asked for besides, told why the last try was refused. */
  readonly children?: ReactNode | ((refusal: R | ActRefusal | null) => ReactNode);
}

/** Asks before an act, says what it means, and does it. A refusal is said here, and nothing that was typed is lost. */
export function ActDialog<R extends string = never>(props: ActDialogProps<R>) {
  const { open, onClose, title, description, onCloseAutoFocus, onDone, ...form } = props;
  const common = useTranslations('common');
  const isDone = useRef(false);
  return (
    <Dialog open={open} onOpenChange={(wanted) => (wanted ? undefined : onClose())}>
      <DialogContent
        title={title}
        description={description}
        closeLabel={common('close')}
        onCloseAutoFocus={(event) => {
          if (isDone.current) onCloseAutoFocus?.(event);
          isDone.current = false;
        }}
      >
        <ActForm
          {...form}
          onDone={() => {
            isDone.current = true;
            onDone();
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

type ActFormProps<R extends string> = Omit<ActDialogProps<R>, 'open' | 'onClose' | 'title' | 'description' | 'onCloseAutoFocus'>;

function ActForm<R extends string>({ submit, variant = 'danger', impossible = false, act, refused, onDone, children }: ActFormProps<R>) {
  const t = useTranslations('account');
  const confirm = useConfirmation();
  const [refusal, setRefusal] = useState<R | ActRefusal | null>(null);
  const [pending, startTransition] = useTransition();

  function perform(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    startTransition(async () => {
      const answer = await confirm(() => act().catch((): ActRefusal => 'away'));
      // The dialog closes together with the page showing the new state.
      startTransition(() => (answer === null ? onDone() : setRefusal(answer)));
    });
  }

  const said = refusal === null ? undefined : isActRefusal(refusal) ? t(`refused.${refusal}`) : textOf(refused, refusal);
  return (
    <form onSubmit={perform} className="space-y-4">
      {typeof children === 'function' ? children(refusal) : children}
      <div aria-live="assertive">{said === undefined ? null : <Alert tone="danger">{said}</Alert>}</div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t(impossible ? 'close' : 'cancel')}</Button>
        </DialogClose>
        {impossible ? null : (
          <Button type="submit" variant={variant} disabled={pending}>
            {submit}
          </Button>
        )}
      </div>
    </form>
  );
}

function textOf(texts: Readonly<Partial<Record<string, string>>> | undefined, refusal: string): string | undefined {
  return texts?.[refusal];
}
