'use client';

import type { LegalHold, ReleaseForecast } from '@signet/api-contract/legal-holds';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState, useTransition } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { forecastRelease } from './forecast-release.ts';
import { HoldDialog } from './hold-dialog.tsx';
import type { HoldAct } from './hold-dialog.tsx';
import { HoldRow } from './hold-row.tsx';

interface HoldListProps {
  readonly holds: readonly LegalHold[];
  readonly mayHold: boolean;
  /** The choice of which holds are listed. */
  readonly views: ReactNode;
  /** What stands in place of the list where it is empty, and below it. */
  readonly none: ReactNode;
  readonly foot: ReactNode;
}

interface Asking {
  readonly act: HoldAct;
  readonly hold: LegalHold | null;
  readonly forecast: ReleaseForecast | null;
}

/** Holds with what can be done about each, and a new one. A release is counted before it is asked about. */
export function HoldList({ holds, mayHold, views, none, foot }: HoldListProps) {
  const t = useTranslations('custody.holds');
  const [asking, setAsking] = useState<Asking | null>(null);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  const [pending, startTransition] = useTransition();

  function ask(act: HoldAct, hold: LegalHold | null) {
    setDone('');
    if (act !== 'release' || hold === null) {
      setAsking({ act, hold, forecast: null });
      return;
    }
    startTransition(async () => {
      const forecast = await forecastRelease(hold.id).catch(() => null);
      startTransition(() => setAsking({ act, hold, forecast }));
    });
  }

  return (
    <>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
        {views}
        {mayHold ? (
          <Button onClick={() => ask('create', null)}>
            <Plus aria-hidden />
            {t('act.create.open')}
          </Button>
        ) : null}
      </div>
      <output ref={status} tabIndex={-1} className="mt-3 block rounded text-sm text-success empty:mt-0">
        {done}
      </output>
      <Card className="mt-3 overflow-hidden">
        {holds.length === 0 ? (
          none
        ) : (
          <ul className="divide-y divide-line">
            {holds.map((hold) => (
              <HoldRow key={hold.id} hold={hold} pending={pending} onAct={mayHold ? (act) => ask(act, hold) : null} />
            ))}
          </ul>
        )}
        {foot}
      </Card>
      {asking === null ? null : (
        <HoldDialog
          {...asking}
          onClose={() => setAsking(null)}
          onDone={(text) => {
            setDone(text);
            setAsking(null);
          }}
          onCloseAutoFocus={(event) => {
            // The row may be gone with what was done.
            event.preventDefault();
            status.current?.focus();
          }}
        />
      )}
    </>
  );
}
