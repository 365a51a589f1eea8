'use client';

import { useSyncExternalStore } from 'react';

const unchanging = () => () => undefined;

/** Whether this is drawn in the reader's browser, which knows what the server cannot: their zone and region. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    unchanging,
    () => true,
    () => false,
  );
}

/** The reader's own region of a language, which writes dates its own way: 22 Nov in Britain, Nov 22 in America. */
export function useRegion(locale: string): string {
  const inBrowser = useInBrowser();
  return (inBrowser ? navigator.languages.find((language) => language.startsWith(`${locale}-`)) : undefined) ?? locale;
}
