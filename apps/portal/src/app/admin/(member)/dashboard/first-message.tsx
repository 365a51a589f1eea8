import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';

const EXAMPLE = `curl -T mail.eml --url smtp://GATEWAY:PORT --user 'USERNAME:PASSWORD' \\
  --mail-from you@your-domain --mail-rcpt somebody@elsewhere`;

/** What an organization sees that has sent nothing yet: how to send a first message. */
export function FirstMessage({ mayMakeCredentials }: { readonly mayMakeCredentials: boolean }) {
  const t = useTranslations('dashboard.first');
  return (
    <Card className="mt-4 p-6 sm:p-8">
      <h2 className="text-lg font-semibold">{t('title')}</h2>
      <p className="mt-1 max-w-2xl text-sm text-quiet">{t('text')}</p>
      <ol className="mt-4 max-w-2xl list-decimal space-y-2 pl-5 text-sm">
        <li>{t('credential')}</li>
        <li>{t('send')}</li>
        <li>{t('look')}</li>
      </ol>
      <pre className="mt-4 rounded-lg border border-line bg-raised px-4 py-3 font-mono text-xs break-all whitespace-pre-wrap">
        {EXAMPLE}
      </pre>
      {mayMakeCredentials ? (
        <Link href="/admin/access" prefetch={false} className={buttonClasses({ className: 'mt-5' })}>
          {t('next')}
        </Link>
      ) : (
        <p className="mt-5 text-sm text-quiet">{t('ask')}</p>
      )}
    </Card>
  );
}
