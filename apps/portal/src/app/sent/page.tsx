import { getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { Card } from '../../components/ui/card.tsx';
import { currentSender, senderApi } from './sender-session.ts';
import { SenderFrame } from './sender-frame.tsx';
import { nextPathOf } from './sent-path.ts';
import { SentList } from './sent-list.tsx';
import { SentSearch } from './sent-search.tsx';
import { searchAddress, searchOf } from './sent-search-address.ts';
import { SignInCard } from './sign-in-card.tsx';

interface SentPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata() {
  const t = await getTranslations('sent.list');
  return { title: { absolute: t('title') } };
}

/** A sender's messages; for whoever is not signed in, the way there. */
export default async function SentPage({ searchParams }: SentPageProps) {
  const given = await searchParams;
  const sender = await currentSender();
  const search = searchOf(given);
  if (sender === null) return <SignInCard next={given['next'] === undefined ? searchAddress(search) : nextPathOf(given['next'])} />;
  const t = await getTranslations('sent.list');
  return (
    <SenderFrame sender={sender}>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t('of', { address: sender.address })}</p>
      <SentSearch search={search} />
      <Card className="mt-4 overflow-hidden">
        <Suspense key={JSON.stringify(search)} fallback={<LoadingRows rows={6} />}>
          <SentList api={await senderApi()} search={search} />
        </Suspense>
      </Card>
    </SenderFrame>
  );
}
