'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { ZONE_COOKIE } from './zone-cookie.ts';

/** Tells the server the browser's time zone, which only the browser knows, and has the page drawn anew where that changes it. */
export function ZoneKeeper({ known }: { readonly known: string }) {
  const router = useRouter();
  useEffect(() => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone === '' || zone === known) return;
    document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}; path=/admin; max-age=31536000; samesite=strict`;
    // A browser that keeps no cookie would be asked again and again.
    if (document.cookie.includes(`${ZONE_COOKIE}=`)) router.refresh();
  }, [known, router]);
  return null;
}
