'use client';

import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { buttonClasses } from './button.tsx';

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

interface DialogContentProps {
  readonly title: string;
  readonly description: ReactNode;
  /** Name of the button that closes the dialog. */
  readonly closeLabel: string;
  /** Where the focus goes after it; back to what opened it, unless prevented. */
  readonly onCloseAutoFocus?: (event: Event) => void;
  /** Whether it is closed by its buttons alone: what it shows is not shown again. */
  readonly staysOpen?: boolean;
  readonly children: ReactNode;
}

const prevent = (event: Event) => event.preventDefault();

/** Among radio buttons the focus is at the one that is chosen (ARIA Authoring Practices, "Radio Group"), not at the first one. */
function focusChosen(event: Event): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  if (target.querySelector('input')?.type !== 'radio') return;
  const chosen = target.querySelector<HTMLElement>('input[type="radio"]:checked');
  if (chosen === null) return;
  event.preventDefault();
  chosen.focus();
}

/** A dialog with its title and what it is about: both are read out when it opens. */
export function DialogContent({ title, description, closeLabel, onCloseAutoFocus, staysOpen = false, children }: DialogContentProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Portal>
      <Primitive.Overlay className="fixed inset-0 z-50 bg-black/50" />
      <Primitive.Content
        onOpenAutoFocus={(event) => {
          opener.current = document.activeElement;
          focusChosen(event);
        }}
        onCloseAutoFocus={(event) => {
          onCloseAutoFocus?.(event);
          // By itself Radix gives the focus back to a trigger of its own alone.
          if (event.defaultPrevented || !(opener.current instanceof HTMLElement) || opener.current === document.body) return;
          event.preventDefault();
          opener.current.focus();
        }}
        {...(staysOpen ? { onEscapeKeyDown: prevent, onInteractOutside: prevent } : {})}
        className="fixed inset-x-4 bottom-4 z-50 mx-auto max-h-[calc(100dvh-2rem)] max-w-lg overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-xl sm:top-1/2 sm:bottom-auto sm:-translate-y-1/2"
      >
        <Primitive.Title className="pr-10 text-lg font-semibold">{title}</Primitive.Title>
        <Primitive.Description asChild>
          <div className="mt-2 text-sm text-quiet">{description}</div>
        </Primitive.Description>
        <div className="mt-5">{children}</div>
        <Primitive.Close
          className={buttonClasses({ variant: 'ghost', size: 'small', className: 'absolute top-4 right-4 w-9 px-0 sm:w-8' })}
        >
          <X aria-hidden />
          <span className="sr-only">{closeLabel}</span>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  );
}
