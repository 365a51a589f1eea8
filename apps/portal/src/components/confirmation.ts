'use client';

import { createContext, useContext } from 'react';

/**
 * Does something that the api may refuse until the member has proved once more who they are: then asks for that, and does it
 * again with everything that was typed. An act asks by answering `unconfirmed`, or `{ refusal: 'unconfirmed' }`; that is also
 * the answer where the member does not prove it.
 */
type Confirm = <R>(act: () => Promise<R>) => Promise<R>;

/** Where nobody can prove anything once more, acts are just done. */
export const Confirmation = createContext<Confirm>((act) => act());

export function useConfirmation(): Confirm {
  return useContext(Confirmation);
}

/** Whether an act's answer asks for a proof. */
export function asksForProof(answer: unknown): boolean {
  return (
    answer === 'unconfirmed' || (typeof answer === 'object' && answer !== null && 'refusal' in answer && answer.refusal === 'unconfirmed')
  );
}
