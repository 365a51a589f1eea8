'use client';

import { FileText } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { buttonClasses } from '../ui/button.tsx';

const unchanging = () => () => undefined;

/** Leads to the exposure report, a page of its own in a new tab, which writes times in the reader's zone as well. */
export function ReportLink({ path, label }: { readonly path: string; readonly label: string }) {
  const zone = useSyncExternalStore(
    unchanging,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );
  // A zone without a name, as some browsers that hide it have, is none.
  const query = zone !== null && /^[A-Za-z]/.test(zone) ? `?zone=${encodeURIComponent(zone)}` : '';
  return (
    <a href={`${path}${query}`} target="_blank" rel="noreferrer" className={buttonClasses({ variant: 'secondary' })}>
      <FileText aria-hidden />
      {label}
    </a>
  );
}
