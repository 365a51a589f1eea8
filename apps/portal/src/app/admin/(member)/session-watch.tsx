'use client';

import { memberSessionPolicy } from '@signet/domain/member-authentication';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState, useTransition } from 'react';
import { Alert } from '../../../components/ui/alert.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog, DialogContent } from '../../../components/ui/dialog.tsx';
import { clockText, useCountdown } from '../../../components/use-countdown.ts';
import { signInPathFor } from '../next-path.ts';
import type { SessionEnd } from '../next-path.ts';
import { signOut } from '../sign-out.ts';
import { askTimeLeft, staySignedIn } from './time-left.ts';
import type { TimeLeft } from './time-left.ts';

/** From then on the end is told: time enough for anybody to read it and press a button (WCAG 2.2, 2.2.1). */
const WARNING_SECONDS = 5 * 60;

/** How often it is asked again in that time: another tab may have gone on with the session. */
const ASK_AGAIN_SECONDS = 15;

interface End {
  /** Seconds until then, and when that is by this browser's clock. */
  readonly wait: number;
  readonly at: number;
  readonly isNear: boolean;
  /** Why: whether nobody used it, or nothing can make it last longer. */
  readonly why: SessionEnd;
}

/**
 * Tells a member in time that the session ends, so that nothing half-written is lost, and lets it go on. When it has ended,
 * what was on the page goes, and signing in leads back to it. What other tabs do counts too: it always asks first.
 */
export function SessionWatch({ timeLeft }: { readonly timeLeft: TimeLeft }) {
  const [end, setEnd] = useState(() => endOf(timeLeft));
  const [known, setKnown] = useState<SessionEnd | null>(null);
  const [failed, setFailed] = useState(false);
  const [pending, startTransition] = useTransition();
  const origin = useRef<Element | null>(null);

  const learn = useCallback(
    (answer: TimeLeft | null) => {
      if (answer === null) {
        leave(end);
        return;
      }
      const next = endOf(answer);
      if (next.isNear && !end.isNear) origin.current = document.activeElement;
      if (!next.isNear) setKnown(null);
      setFailed(false);
      setEnd(next);
    },
    [end],
  );

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const askIn = (seconds: number) => {
      timer = setTimeout(() => void ask(), seconds * 1000);
    };
    const ask = async () => {
      const answer = await askTimeLeft().catch(() => 'away' as const);
      if (stopped) return;
      // While nobody answers, nobody knows.
      if (answer === 'away') askIn(ASK_AGAIN_SECONDS);
      else learn(answer);
    };
    const left = Math.max(0, (end.at - Date.now()) / 1000);
    askIn(left > WARNING_SECONDS ? left - WARNING_SECONDS : Math.min(left, ASK_AGAIN_SECONDS));
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [end, learn]);

  function stay() {
    startTransition(async () => {
      const answer = await staySignedIn().catch(() => 'away' as const);
      startTransition(() => {
        if (answer === 'away') setFailed(true);
        else {
          setKnown(end.why);
          learn(answer);
        }
      });
    });
  }

  return (
    <Dialog open={end.isNear && known !== end.why} onOpenChange={(open) => (open ? undefined : stay())}>
      <EndDialog end={end} failed={failed} pending={pending} onStay={stay} origin={origin} />
    </Dialog>
  );
}

interface EndDialogProps {
  readonly end: End;
  readonly failed: boolean;
  readonly pending: boolean;
  readonly onStay: () => void;
  /** What had the focus before it. */
  readonly origin: { readonly current: Element | null };
}

/** Any way to close it says that somebody is there: only its second button signs out. */
function EndDialog({ end, failed, pending, onStay, origin }: EndDialogProps) {
  const t = useTranslations('account.end');
  const { idleSeconds, absoluteSeconds } = memberSessionPolicy;
  return (
    <DialogContent
      title={t(`${end.why}.title`)}
      description={
        <>
          <p>{t(`${end.why}.text`, { idleHours: idleSeconds / 3600, hours: absoluteSeconds / 3600 })}</p>
          <Countdown end={end} />
        </>
      }
      closeLabel={t(`${end.why}.stay`)}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        if (origin.current instanceof HTMLElement && origin.current.isConnected) origin.current.focus();
      }}
    >
      <div aria-live="assertive">
        {failed ? (
          <Alert tone="danger" className="mb-4">
            {t('away')}
          </Alert>
        ) : null}
      </div>
      <div className="flex flex-col gap-2 sm:flex-row-reverse">
        <Button onClick={onStay} disabled={pending}>
          {t(`${end.why}.stay`)}
        </Button>
        <form action={signOut}>
          <Button type="submit" variant="secondary" className="w-full">
            {t('signOut')}
          </Button>
        </form>
      </div>
    </DialogContent>
  );
}

function Countdown({ end }: { readonly end: End }) {
  const t = useTranslations('account.end');
  const left = useCountdown(end);
  return (
    <p role="timer" className="mt-3 text-2xl font-semibold text-ink tabular-nums">
      <span className="sr-only">{t('left')} </span>
      {clockText(left)}
    </p>
  );
}

function endOf({ idleSecondsLeft, secondsLeft }: TimeLeft): End {
  const wait = Math.min(idleSecondsLeft, secondsLeft);
  return {
    wait,
    at: Date.now() + wait * 1000,
    isNear: wait <= WARNING_SECONDS,
    why: secondsLeft <= WARNING_SECONDS ? 'time' : 'idle',
  };
}

/** A whole new page: nothing of the session stays in this one. */
function leave(end: End): void {
  const { pathname, search } = globalThis.location;
  // Before its time somebody has ended it.
  const why = Date.now() < end.at - 1000 ? undefined : end.why;
  globalThis.location.assign(signInPathFor(`${pathname}${search}`, why));
}
