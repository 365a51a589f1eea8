import Link from 'next/link';
import { classNames } from '../../../components/class-names.ts';

interface ViewLinksProps<View extends string> {
  readonly label: string;
  readonly views: readonly { readonly view: View; readonly text: string; readonly href: string }[];
  readonly current: View;
}

/** Which part of a list is shown, one beside the other. */
export function ViewLinks<View extends string>({ label, views, current }: ViewLinksProps<View>) {
  return (
    <nav aria-label={label}>
      <ul className="flex rounded-lg border border-line bg-surface p-0.5">
        {views.map(({ view, text, href }) => (
          <li key={view}>
            <Link
              href={href}
              prefetch={false}
              aria-current={view === current ? 'true' : undefined}
              className={classNames(
                'flex h-10 items-center rounded-md px-3 text-sm font-medium sm:h-8',
                view === current ? 'bg-primary text-on-primary' : 'text-quiet hover:bg-raised hover:text-ink',
              )}
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
