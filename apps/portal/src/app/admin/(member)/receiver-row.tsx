'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LocalTime } from '../../../components/local-time.tsx';
import { plainText } from '../../../components/plain-text.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';

interface Receiver {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly failure: 'failing' | 'gone' | null;
  readonly failedAttempts: number;
  readonly nextAttemptAt: string | null;
}

interface ReceiverRowProps<A extends string> {
  /** The row can be linked to as `<anchor>-<id>`. */
  readonly anchor: 'webhook' | 'syslog';
  readonly receiver: Receiver;
  readonly address: string;
  /** What is sent there. */
  readonly what: ReactNode;
  /** What came of it last. */
  readonly last: ReactNode;
  readonly acts: readonly A[];
  readonly nameOf: (act: A) => string;
  /** Null: nothing may be done. */
  readonly onAct: ((act: A) => void) | null;
}

/** A receiver of the trail: how it is, what it gets, and what can be done about it. */
export function ReceiverRow<A extends string>({ anchor, receiver, address, what, last, acts, nameOf, onAct }: ReceiverRowProps<A>) {
  const t = useTranslations('receivers');
  const locale = useLocale();
  const { id, name, nextAttemptAt, failedAttempts } = receiver;
  const state = stateOf(receiver);
  const tones = { enabled: 'success', failing: 'warning', disabled: 'neutral', gone: 'danger', givenUp: 'danger' } as const;
  return (
    <li id={`${anchor}-${id}`} className="px-4 py-3 text-sm target:bg-raised">
      <p className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 font-medium break-words">{plainText(name)}</span>
        <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
      </p>
      <p className="break-all text-quiet">{plainText(address)}</p>
      <p className="mt-1 break-words">{what}</p>
      {state === 'gone' || state === 'givenUp' ? <p className="mt-1">{t(`why.${state}`)}</p> : null}
      {state === 'failing' ? (
        <p className="mt-1">
          {t('why.failing', { count: failedAttempts })}
          {nextAttemptAt === null ? null : (
            <>
              {' '}
              {t('next')} <LocalTime at={nextAttemptAt} locale={locale} />
            </>
          )}
        </p>
      ) : null}
      {last}
      {onAct === null ? null : (
        <div className="mt-2 flex flex-wrap gap-2">
          {acts.map((act) => (
            <Button key={act} variant={act === 'remove' ? 'ghost' : 'secondary'} size="small" onClick={() => onAct(act)}>
              {nameOf(act)}
              <span className="sr-only"> {name}</span>
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}

function stateOf({ enabled, failure, failedAttempts }: Receiver) {
  if (enabled) return failedAttempts === 0 ? 'enabled' : 'failing';
  if (failure === null) return 'disabled';
  return failure === 'gone' ? 'gone' : 'givenUp';
}

interface LastProps {
  readonly text: string;
  readonly at: string;
}

/** Something that came of sending, and when. */
export function ReceiverLast({ text, at }: LastProps) {
  const locale = useLocale();
  return (
    <p className="mt-1 break-words text-quiet">
      {text} <LocalTime at={at} locale={locale} />
    </p>
  );
}
