import type { Client } from '@signet/api-contract/client';
import type { OutboxRow } from '@signet/api-contract/outbox';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { isProblem } from '../../../../api/is-problem.ts';
import { LocalTime } from '../../../../components/local-time.tsx';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { requireMember } from '../../member-session.ts';
import { addressOf, messagePath, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { Section } from '../section.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import { LookAgain } from './look-again.tsx';
import { TryAgain } from './try-again.tsx';

const PATH = '/admin/deliveries';

export async function generateMetadata() {
  const t = await getTranslations('deliveries');
  return { title: t('title') };
}

/** What could not be delivered, what is being tried, and messages whose content is missing. */
export default async function DeliveriesPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const cursor = single(given['cursor']);
  const { member, api } = await requireMember(addressOf(PATH, { cursor }));
  if (!roleMay(member.role, 'messages:read')) notFound();
  const mayResend = roleMay(member.role, 'messages:resend');
  const t = await getTranslations('deliveries');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm text-quiet">{t('text')}</p>
      <Section id="dead" title={t('dead.title')} note={t('dead.text')}>
        <Suspense key={cursor} fallback={<LoadingRows rows={4} />}>
          <Rows api={api} state="dead" cursor={cursor} mayResend={mayResend} />
        </Suspense>
      </Section>
      <Section id="retrying" title={t('retrying.title')} note={t('retrying.text')}>
        <Suspense fallback={<LoadingRows rows={2} />}>
          <Rows api={api} state="retrying" cursor={undefined} mayResend={false} />
        </Suspense>
      </Section>
      <Suspense fallback={null}>
        <MissingContent api={api} mayLook={mayResend} />
      </Suspense>
    </>
  );
}

interface RowsProps {
  readonly api: Client;
  readonly state: OutboxRow['state'];
  readonly cursor: string | undefined;
  readonly mayResend: boolean;
}

async function Rows({ api, state, cursor, mayResend }: RowsProps) {
  const t = await getTranslations('deliveries');
  const page = await api.call(routes.listOutbox, { query: { state, limit: 50, cursor } }).catch((error: unknown) => {
    if (isProblem(error, 'validation_failed')) return { items: [], nextCursor: null };
    throw error;
  });
  if (page.items.length === 0) return <output className="block px-4 py-10 text-center text-sm text-quiet">{t(`${state}.none`)}</output>;
  const isAlone = page.items.length === 1 && page.nextCursor === null && cursor === undefined;
  return (
    <>
      {mayResend && !isAlone && page.items.some(({ isRevivable }) => isRevivable) ? (
        <div className="flex justify-end border-b border-line px-4 py-2">
          <TryAgain id={null} label={t('tryAll')} />
        </div>
      ) : null}
      <ul className="divide-y divide-line">
        {page.items.map((row) => (
          <DeliveryRow key={row.id} row={row} mayResend={mayResend} />
        ))}
      </ul>
      {state === 'dead' && page.nextCursor !== null ? (
        <nav aria-label={t('pages')} className="flex justify-end border-t border-line px-4 py-3">
          <Link
            href={addressOf(PATH, { cursor: page.nextCursor })}
            prefetch={false}
            className={buttonClasses({ variant: 'secondary', size: 'small' })}
          >
            {t('older')}
          </Link>
        </nav>
      ) : null}
    </>
  );
}

async function MissingContent({ api, mayLook }: { readonly api: Client; readonly mayLook: boolean }) {
  const t = await getTranslations('deliveries.missing');
  const locale = await getLocale();
  const { items } = await api.call(routes.listMissingContent, { query: { limit: 50 } });
  if (items.length === 0) return null;
  return (
    <Section id="missing" title={t('title')} note={t('text')}>
      {mayLook ? <LookAgain label={t('lookAgain')} text={t('lookText')} /> : null}
      <ul className="divide-y divide-line">
        {items.map(({ message, missingSince }) => (
          <li key={message.id} className="px-4 py-3 text-sm">
            <Link
              href={messagePath(message.id)}
              prefetch={false}
              className="font-medium break-words underline underline-offset-2 hover:text-ink"
            >
              {message.subject ?? message.messageId}
            </Link>
            <p className="text-quiet">
              {message.sender} · {t('since')} <LocalTime at={missingSince} locale={locale} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
