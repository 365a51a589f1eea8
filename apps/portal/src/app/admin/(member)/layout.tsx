import { roleMay } from '@signet/domain/role';
import { LogOut } from 'lucide-react';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { Seal } from '../../../components/seal.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { FIRST_PAGE } from '../next-path.ts';
import { currentMember } from '../member-session.ts';
import { signOut } from '../sign-out.ts';
import { Navigation } from './navigation.tsx';

/** The frame of the members' pages: where one is, who one is, and the way out. */
export default async function MemberLayout({ children }: { readonly children: ReactNode }) {
  const member = await currentMember();
  // Each page sends visitors without a session to the sign-in page itself: only it knows where they wanted to go.
  if (member === null) return children;
  const t = await getTranslations('admin');
  const pages = [
    { href: '/admin/messages', label: t('navigation.messages'), icon: 'messages' },
    ...(roleMay(member.role, 'configuration:read')
      ? ([{ href: '/admin/settings', label: t('navigation.settings'), icon: 'settings' }] as const)
      : []),
    ...(roleMay(member.role, 'admin:read') ? ([{ href: '/admin/records', label: t('navigation.records'), icon: 'records' }] as const) : []),
  ] as const;
  return (
    <div className="lg:grid lg:min-h-dvh lg:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2"
      >
        {t('navigation.skip')}
      </a>
      <header className="border-b border-line bg-surface lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:border-r lg:border-b-0">
        <div className="flex items-center justify-between gap-4 px-4 py-3 lg:px-5 lg:py-5">
          <Link href={FIRST_PAGE} prefetch={false} className="flex min-w-0 items-center gap-2.5 rounded-md font-semibold">
            <Seal className="size-6 shrink-0 text-primary" />
            <span className="truncate">{member.organizationName}</span>
          </Link>
          <form action={signOut} className="lg:hidden">
            <SignOutButton label={t('signOut')} />
          </form>
        </div>
        <Navigation label={t('navigation.label')} pages={pages} />
        <div className="hidden border-t border-line px-5 py-4 text-sm lg:mt-auto lg:block">
          <p className="truncate font-medium" title={member.email}>
            {member.email}
          </p>
          <p className="text-quiet">{t(`role.${member.role}`)}</p>
          <form action={signOut} className="mt-3 -ml-3">
            <SignOutButton label={t('signOut')} />
          </form>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl px-4 py-6 outline-none sm:px-6 lg:px-8 lg:py-8">
        {children}
      </main>
    </div>
  );
}

function SignOutButton({ label }: { readonly label: string }) {
  return (
    <Button type="submit" variant="ghost" size="small">
      <LogOut aria-hidden />
      {label}
    </Button>
  );
}
