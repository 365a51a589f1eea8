import type { Metadata } from 'next';
import { NextIntlClientProvider } from 'next-intl';
import { getMessages, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('admin');
  return { title: { default: t('name'), template: `%s · ${t('name')}` } };
}

/** The members' pages: their texts go to the browser, the recipients' do not. */
export default async function AdminLayout({ children }: { readonly children: ReactNode }) {
  const { admin, common, signIn, account, members, dashboard, access, groups, imports, log, rules, templates, ...more } =
    await getMessages();
  const { alerts, webhooks, receivers, syslog, custody } = more;
  return (
    <NextIntlClientProvider
      messages={{
        admin,
        common,
        signIn,
        account,
        members,
        dashboard,
        access,
        groups,
        imports,
        log,
        rules,
        templates,
        alerts,
        webhooks,
        receivers,
        custody,
        syslog,
      }}
    >
      {children}
    </NextIntlClientProvider>
  );
}
