import type { Client } from '@signet/api-contract/client';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { Suspense } from 'react';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { isProblem } from '../../../../api/is-problem.ts';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { addressOf, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { MessageList } from './message-list.tsx';
import { searchMessages } from './message-search.ts';
import { SearchBox } from './search-box.tsx';

const PATH = '/admin/messages';

export async function generateMetadata() {
  const t = await getTranslations('admin.messages');
  return { title: t('title') };
}

export default async function MessagesPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const text = single(given['q']) ?? '';
  const before = single(given['before']);
  const address = addressOf(PATH, { q: text, before });
  const { api } = await requireMember(address);
  const t = await getTranslations('admin.messages');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <div className="mt-4">
        <SearchBox text={text} />
      </div>
      <Card className="mt-4 overflow-hidden">
        <Suspense key={address} fallback={<LoadingRows rows={8} />}>
          <Results api={api} text={text} before={before} />
        </Suspense>
      </Card>
    </>
  );
}

interface ResultsProps {
  readonly api: Client;
  readonly text: string;
  readonly before: string | undefined;
}

async function Results({ api, text, before }: ResultsProps) {
  const t = await getTranslations('admin.messages');
  const page = await searchMessages(api, text, before).catch((error: unknown) => {
    if (isProblem(error, 'validation_failed')) return null;
    throw error;
  });
  if (page === null) return <Empty title={t('notUnderstood.title')} text={t('notUnderstood.text')} all={t('all')} />;
  if (page.items.length === 0) {
    if (before !== undefined) return <Empty title={t('noneOlder')} all={t('newest')} q={text} />;
    if (text.trim() !== '') return <Empty title={t('noneFound.title', { text })} text={t('noneFound.text')} all={t('all')} />;
    return <Empty title={t('none.title')} text={t('none.text')} />;
  }
  return (
    <>
      <MessageList messages={page.items} />
      {before === undefined && page.before === null ? null : (
        <nav aria-label={t('pages')} className="flex items-center justify-between gap-3 border-t border-line px-4 py-3">
          {before === undefined ? <span /> : <PageLink href={addressOf(PATH, { q: text })} label={t('newest')} />}
          {page.before === null ? (
            <span className="text-sm text-quiet">{t('end')}</span>
          ) : (
            <PageLink href={addressOf(PATH, { q: text, before: page.before })} label={t('older')} />
          )}
        </nav>
      )}
    </>
  );
}

function PageLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Link href={href} prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
      {label}
    </Link>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly text?: string;
  /** Name of the way back, where there is one. */
  readonly all?: string;
  readonly q?: string;
}

function Empty({ title, text, all, q }: EmptyProps) {
  return (
    <output className="block px-6 py-14 text-center">
      <p className="font-medium break-words">{title}</p>
      {text === undefined ? null : <p className="mx-auto mt-1 max-w-md text-sm text-quiet">{text}</p>}
      {all === undefined ? null : (
        <div className="mt-5">
          <PageLink href={addressOf(PATH, { q })} label={all} />
        </div>
      )}
    </output>
  );
}
