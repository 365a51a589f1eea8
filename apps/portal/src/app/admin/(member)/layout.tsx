import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { currentSession } from '../member-session.ts';
import { Navigation } from './navigation.tsx';
import { navigationItems } from './navigation-items.ts';
import { Reauthentication } from './reauthentication.tsx';
import { SessionWatch } from './session-watch.tsx';
import { viewerZone } from './viewer-zone.ts';
import { ZoneKeeper } from './zone-keeper.tsx';

/** The frame of the members' pages. */
export default async function MemberLayout({ children }: { readonly children: ReactNode }) {
  const session = await currentSession();
  // Each page sends visitors without a session to the sign-in page itself: only it knows where they wanted to go.
  if (session === null) return children;
  const { member, reauthenticationMethods, idleSecondsLeft, secondsLeft } = session;
  const t = await getTranslations('admin');
  const pages = navigationItems
    .filter(({ needs }) => needs === null || roleMay(member.role, needs))
    .map(({ name, href }) => ({ name, href }));
  return (
    <div className="lg:grid lg:min-h-dvh lg:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2"
      >
        {t('navigation.skip')}
      </a>
      <Navigation
        pages={pages}
        home="/admin/dashboard"
        organization={member.organizationName}
        email={member.email}
        role={t(`role.${member.role}`)}
      />
      <SessionWatch timeLeft={{ idleSecondsLeft, secondsLeft }} />
      <ZoneKeeper known={await viewerZone()} />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl px-4 py-6 outline-none sm:px-6 lg:px-8 lg:py-8">
        <Reauthentication methods={reauthenticationMethods}>{children}</Reauthentication>
      </main>
    </div>
  );
}
