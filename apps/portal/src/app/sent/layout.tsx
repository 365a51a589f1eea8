import type { Metadata } from 'next';
import { NextIntlClientProvider } from 'next-intl';
import { getMessages, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('sent');
  return { title: { default: t('name'), template: `%s · ${t('name')}` } };
}

/** The senders' pages: of all texts those that their scripts show go to the browser. */
export default async function SentLayout({ children }: { readonly children: ReactNode }) {
  const { admin, common, sent } = await getMessages();
  const dialog = { ...admin.dialog, reasonHint: sent.message.reasonHint };
  return (
    <NextIntlClientProvider messages={{ common, admin: { dialog }, sent: { away: sent.away, notices: sent.notices } }}>
      {children}
    </NextIntlClientProvider>
  );
}
