'use client';

import {
  Bell,
  CircleUser,
  FileClock,
  FileSearch,
  Gavel,
  HeartPulse,
  Hourglass,
  KeyRound,
  LayoutDashboard,
  ListOrdered,
  LogOut,
  Mail,
  Menu,
  Palette,
  ScrollText,
  Send,
  Settings,
  ShieldCheck,
  Users,
  Webhook,
  X,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { classNames } from '../../../components/class-names.ts';
import { Seal } from '../../../components/seal.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { signOut } from '../sign-out.ts';
import { KeyboardMap } from './keyboard-map.tsx';
import type { NavigationName } from './navigation-items.ts';

const icons = {
  dashboard: LayoutDashboard,
  messages: Mail,
  deliveries: Send,
  trail: FileSearch,
  records: FileClock,
  log: ShieldCheck,
  holds: Gavel,
  retention: Hourglass,
  alerts: Bell,
  rules: ListOrdered,
  access: KeyRound,
  webhooks: Webhook,
  syslog: ScrollText,
  templates: Palette,
  settings: Settings,
  members: Users,
  health: HeartPulse,
  account: CircleUser,
} as const satisfies Record<NavigationName, LucideIcon>;

interface NavigationProps {
  readonly pages: readonly { readonly name: NavigationName; readonly href: string }[];
  readonly home: string;
  readonly organization: string;
  readonly email: string;
  /** The member's role, in words. */
  readonly role: string;
}

/** Where one is, who one is, and the way out. Beside the page on a wide window; on a narrow one behind a button. */
export function Navigation({ pages, home, organization, email, role }: NavigationProps) {
  const t = useTranslations('admin');
  const path = usePathname();
  // It is open for one page: going to another closes it.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === path;
  return (
    <header className="border-b border-line bg-surface lg:border-r lg:border-b-0">
      <div className="lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:overflow-y-auto">
        <div className="flex items-center justify-between gap-4 px-4 py-2 lg:px-5 lg:py-5">
          <Link href={home} prefetch={false} className="flex min-w-0 items-center gap-2.5 rounded-md font-semibold">
            <Seal className="size-6 shrink-0 text-primary" />
            <span className="truncate">{organization}</span>
          </Link>
          <Button
            variant="ghost"
            className="-mr-2 px-3 lg:hidden"
            aria-expanded={open}
            aria-controls="navigation"
            onClick={() => setOpenAt(open ? null : path)}
          >
            {open ? <X aria-hidden /> : <Menu aria-hidden />}
            {t('navigation.menu')}
          </Button>
        </div>
        <div id="navigation" className={classNames('lg:flex lg:flex-1 lg:flex-col', !open && 'hidden')}>
          <nav aria-label={t('navigation.label')} className="px-2 pb-2 lg:px-3">
            <ul className="flex flex-col gap-0.5">
              {pages.map((page) => (
                <Item key={page.name} {...page} path={path} />
              ))}
            </ul>
          </nav>
          <div className="border-t border-line px-4 py-3 text-sm lg:mt-auto lg:px-5 lg:py-4">
            <p className="truncate font-medium" title={email}>
              {email}
            </p>
            <p className="text-quiet">{role}</p>
            <div className="mt-2 -ml-3 flex flex-wrap gap-x-1 lg:flex-col lg:items-start">
              <KeyboardMap />
              <form action={signOut}>
                <Button type="submit" variant="ghost" size="small">
                  <LogOut aria-hidden />
                  {t('signOut')}
                </Button>
              </form>
            </div>
          </div>
        </div>
      </div>
    </header>
  );
}

function Item({ name, href, path }: { readonly name: NavigationName; readonly href: string; readonly path: string }) {
  const t = useTranslations('admin.navigation.item');
  const Icon = icons[name];
  const here = path === href || path.startsWith(`${href}/`);
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        aria-current={path === href ? 'page' : here ? 'true' : undefined}
        className={classNames(
          'flex h-11 items-center gap-2.5 rounded-lg px-3 text-sm font-medium lg:h-9',
          here ? 'bg-raised text-ink ring-1 ring-line ring-inset' : 'text-quiet hover:bg-raised hover:text-ink',
        )}
      >
        <Icon aria-hidden className={classNames('size-4 shrink-0', here && 'text-primary')} />
        {t(name)}
      </Link>
    </li>
  );
}
