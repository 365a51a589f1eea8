'use client';

import { FileClock, Mail, Settings } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { classNames } from '../../../components/class-names.ts';

const icons = { messages: Mail, settings: Settings, records: FileClock };

interface NavigationProps {
  readonly label: string;
  readonly pages: readonly { readonly href: string; readonly label: string; readonly icon: keyof typeof icons }[];
}

/** The members' pages by name; the present one is marked. */
export function Navigation({ label, pages }: NavigationProps) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="px-2 pb-2 lg:px-3">
      <ul className="flex gap-1 overflow-x-auto lg:flex-col">
        {pages.map((page) => {
          const Icon = icons[page.icon];
          const here = path === page.href || path.startsWith(`${page.href}/`);
          return (
            <li key={page.href}>
              <Link
                href={page.href}
                prefetch={false}
                aria-current={path === page.href ? 'page' : here ? 'true' : undefined}
                className={classNames(
                  'flex h-11 items-center gap-2.5 rounded-lg px-3 text-sm font-medium sm:h-9',
                  here ? 'bg-raised text-ink ring-1 ring-line ring-inset' : 'text-quiet hover:bg-raised hover:text-ink',
                )}
              >
                <Icon aria-hidden className="size-4 shrink-0" />
                {page.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
