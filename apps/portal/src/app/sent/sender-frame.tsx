import type { Sender } from '@signet/api-contract/sent';
import { Bell, LogOut } from 'lucide-react';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { Seal } from '../../components/seal.tsx';
import { Button, buttonClasses } from '../../components/ui/button.tsx';
import { NOTICES_PAGE, SENT_PAGE } from './sent-path.ts';
import { signOut } from './sign-out.ts';

/** The frame of the senders' pages: the organization, who one is, and the way out. Nothing leads to the administration. */
export async function SenderFrame({ sender, children }: { readonly sender: Sender; readonly children: ReactNode }) {
  const t = await getTranslations('sent');
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2"
      >
        {t('skip')}
      </a>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex min-h-16 w-full max-w-4xl items-center justify-between gap-4 px-4 py-2.5 sm:px-6">
          <Link href={SENT_PAGE} prefetch={false} className="flex min-w-0 items-center gap-3 rounded-md">
            <Seal className="size-6 shrink-0 text-primary" />
            <span className="min-w-0">
              <span className="block truncate font-semibold">{sender.organizationName}</span>
              <span className="block truncate text-xs text-quiet">{sender.address}</span>
            </span>
          </Link>
          <div className="flex shrink-0 items-center gap-1">
            <Link href={NOTICES_PAGE} prefetch={false} className={buttonClasses({ variant: 'ghost', size: 'small' })}>
              <Bell aria-hidden />
              {t('notices.link')}
            </Link>
            <form action={signOut}>
              <Button type="submit" variant="ghost" size="small">
                <LogOut aria-hidden />
                {t('signOut')}
              </Button>
            </form>
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-4xl flex-1 px-4 py-6 outline-none sm:px-6 sm:py-8">
        {children}
      </main>
      <footer className="flex items-center justify-center gap-1.5 px-4 pb-8 text-xs text-quiet">
        <Seal className="size-3.5" />
        {t('delivered')}
      </footer>
    </div>
  );
}
