import Link from 'next/link';
import { buttonClasses } from '../../../components/ui/button.tsx';

interface PageLinksProps {
  /** What is turned here, for who hears the page. */
  readonly label: string;
  /** Where each leads and how it is called; null where there is nothing. */
  readonly newest: { readonly href: string; readonly label: string } | null;
  /** Left out by lists that lead back to the newest alone. */
  readonly newer?: { readonly href: string; readonly label: string } | null;
  readonly older: { readonly href: string; readonly label: string } | null;
}

/** The foot of a list that is read from the newest on: back to the newest, by a page or all at once, and on to older ones. */
export function PageLinks({ label, newest, newer = null, older }: PageLinksProps) {
  if (newest === null && older === null) return null;
  return (
    <nav aria-label={label} className="flex justify-between gap-3 border-t border-line px-4 py-3">
      <span className="flex gap-3">
        {newest === null ? null : <PageLink {...newest} />}
        {newer === null ? null : <PageLink {...newer} />}
      </span>
      {older === null ? null : <PageLink {...older} />}
    </nav>
  );
}

function PageLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Link href={href} prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
      {label}
    </Link>
  );
}
