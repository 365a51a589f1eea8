import type { MessageHistory } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { plainText } from '../../../../components/plain-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Alert } from '../../../../components/ui/alert.tsx';
import { holdPath } from '../page-address.ts';

/** Which holds keep a message, and what of it; nothing where none does. */
export function HoldNotice({ holds }: { readonly holds: NonNullable<MessageHistory['holds']> }) {
  const t = useTranslations('custody.holds');
  const locale = useLocale();
  if (holds.length === 0) return null;
  return (
    <Alert tone="warning" className="mt-4">
      <h2 className="font-medium">{t('message.title')}</h2>
      <ul className="mt-1 space-y-1">
        {holds.map((hold) => (
          <li key={hold.id} className="break-words">
            {t('message.held', { content: String(hold.keepsContent), reason: plainText(hold.reason) })}
            <span className="block">
              {t.rich('since', { by: plainText(hold.createdBy ?? t('somebody')), time: timeTag(hold.createdAt, locale, 'short') })}{' '}
              <Link href={holdPath(hold.id)} prefetch={false} className="ml-1 inline-block py-0.5 underline underline-offset-2">
                {t('message.more')}
                <span className="sr-only">: {plainText(hold.reason)}</span>
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
