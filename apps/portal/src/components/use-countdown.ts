import { useEffect, useState } from 'react';

/**
 * Whole seconds left of a step's `wait`, counted from when the step was taken; 0 on the server, so that nothing is locked
 * where no script runs to unlock it.
 */
export function useCountdown(step: { readonly wait?: number }): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const end = Date.now() + (step.wait ?? 0) * 1000;
    const tick = () => {
      const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    };
    const timer = setInterval(tick, 250);
    tick();
    return () => {
      clearInterval(timer);
    };
  }, [step]);
  return left;
}

/** Seconds as a clock shows them: `0:23`, `12:05`, `1:00:00`. */
export function clockText(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
