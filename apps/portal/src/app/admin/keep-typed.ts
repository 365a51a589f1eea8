'use client';

import { startTransition } from 'react';
import type { FormEvent } from 'react';

/**
 * Sends a form's fields to its action, and leaves in the boxes what was typed: React empties a form that it sends by itself. For
 * `onSubmit`, beside `action`, which still sends it where no script runs.
 */
export function keepTyped(act: (data: FormData) => void) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => act(data));
  };
}
