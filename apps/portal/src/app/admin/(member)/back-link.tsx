import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

/** The way from a page to the list that it belongs to. */
export function BackLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="inline-flex items-center gap-1 rounded text-sm text-quiet hover:text-ink">
      <ChevronLeft aria-hidden className="size-4" />
      {children}
    </Link>
  );
}
