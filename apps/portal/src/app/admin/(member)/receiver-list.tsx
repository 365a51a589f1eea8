'use client';

import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ComponentType } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import { Card } from '../../../components/ui/card.tsx';

/** What the dialog of an act on a receiver is told. */
export interface ReceiverDialogProps<R, A extends string> {
  readonly act: A;
  /** Null where one is made. */
  readonly receiver: R | null;
  readonly onClose: () => void;
  /** Told what was done, in a sentence. */
  readonly onDone: (text: string) => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

export interface ReceiverItemProps<R, A extends string> {
  readonly receiver: R;
  /** Null: nothing may be done. */
  readonly onAct: ((act: A) => void) | null;
}

interface ReceiverListProps<R, A extends string> {
  readonly receivers: readonly R[];
  /** What is said where there are none. */
  readonly none: string;
  /** The act that makes one, and its name; null where the member may do nothing. */
  readonly add: { readonly act: A; readonly name: string } | null;
  readonly row: ComponentType<ReceiverItemProps<R, A>>;
  readonly dialog: ComponentType<ReceiverDialogProps<R, A>>;
}

/** Receivers of the trail, with what can be done about each, and a new one. */
export function ReceiverList<R extends { readonly id: string }, A extends string>(props: ReceiverListProps<R, A>) {
  const { receivers, none, add, row: Row, dialog: ActOn } = props;
  const [asking, setAsking] = useState<{ readonly act: A; readonly receiver: R | null } | null>(null);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  return (
    <>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
        <output ref={status} tabIndex={-1} className="block rounded text-sm text-success">
          {done}
        </output>
        {add === null ? null : (
          <Button onClick={() => setAsking({ act: add.act, receiver: null })}>
            <Plus aria-hidden />
            {add.name}
          </Button>
        )}
      </div>
      <Card className="mt-3 overflow-hidden">
        {receivers.length === 0 ? (
          <p className="px-4 py-10 text-center text-sm text-quiet">{none}</p>
        ) : (
          <ul className="divide-y divide-line">
            {receivers.map((receiver) => (
              <Row key={receiver.id} receiver={receiver} onAct={add === null ? null : (act) => setAsking({ act, receiver })} />
            ))}
          </ul>
        )}
      </Card>
      {asking === null ? null : (
        <ActOn
          {...asking}
          onClose={() => setAsking(null)}
          onDone={setDone}
          onCloseAutoFocus={(event) => {
            // The row's button may be gone with what it did.
            event.preventDefault();
            status.current?.focus();
          }}
        />
      )}
    </>
  );
}
