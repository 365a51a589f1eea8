import { routes } from '@signet/api-contract/routes';
import { senderNoticeKind } from '@signet/domain/sender-notice';
import { ChevronLeft } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { Card } from '../../../components/ui/card.tsx';
import { SenderFrame } from '../sender-frame.tsx';
import { requireSender } from '../sender-session.ts';
import { NOTICES_PAGE, SENT_PAGE } from '../sent-path.ts';
import { NoticesForm } from './notices-form.tsx';

export async function generateMetadata() {
  const t = await getTranslations('sent.notices');
  return { title: t('title') };
}

/** What the sender is told by mail. */
export default async function NoticesPage() {
  const { sender, api } = await requireSender(NOTICES_PAGE);
  const { offered, wanted, unreadAfterDays } = await api.call(routes.getSenderNotices);
  const kinds = senderNoticeKind.options.filter((kind) => offered[kind]);
  const t = await getTranslations('sent.notices');
  const list = await getTranslations('sent.list');
  return (
    <SenderFrame sender={sender}>
      <Link href={SENT_PAGE} prefetch={false} className="inline-flex items-center gap-1 text-sm text-quiet hover:text-ink">
        <ChevronLeft aria-hidden className="size-4" />
        {list('title')}
      </Link>
      <h1 className="mt-2 text-xl font-semibold">{t('title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t('text', { address: sender.address })}</p>
      <Card className="mt-4 overflow-hidden">
        {kinds.length === 0 ? (
          <p className="p-4 text-sm text-quiet sm:p-5">{t('none')}</p>
        ) : (
          <NoticesForm wanted={wanted} offered={kinds} unreadAfterDays={unreadAfterDays ?? 0} />
        )}
      </Card>
    </SenderFrame>
  );
}
