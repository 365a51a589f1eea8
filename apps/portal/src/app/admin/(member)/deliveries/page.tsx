import type { Client } from '@signet/api-contract/client';
import type { OutboxRow } from '@signet/api-contract/outbox';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LocalTime } from '../../../../components/local-time.tsx';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { messageName } from '../../../../components/subject-text.ts';
import { requireMember } from '../../member-session.ts';
import { addressOf, messagePath, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { PageLinks } from '../page-links.tsx';
import { pageOrNull } from '../page-or-null.ts';
import { Section } from '../section.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import { LookAgain } from './look-again.tsx';
import { TryAgain } from './try-again.tsx';

const PATH = '/admin/deliveries';

export async function generateMetadata() {
  const t = await getTranslations('deliveries');
  return { title: t('title') };
}

/** How far each list was turned: each has a place of its own in the address. */
interface Cursors {
  readonly dead: string | undefined;
  readonly retrying: string | undefined;
  readonly missing: string | undefined;
}

/** What could not be delivered, what is being tried, and messages whose content is missing. */
export default async function DeliveriesPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const cursors: Cursors = { dead: single(given['dead']), retrying: single(given['retrying']), missing: single(given['missing']) };
  const { member, api } = await requireMember(addressOf(PATH, { ...cursors }));
  if (!roleMay(member.role, 'messages:read')) notFound();
  const mayResend = roleMay(member.role, 'messages:resend');
  const t = await getTranslations('deliveries');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm text-quiet">{t('text')}</p>
      {(['dead', 'retrying'] as const).map((state) => (
        <Section key={state} id={state} title={t(`${state}.title`)} note={t(`${state}.text`)}>
          <Suspense key={cursors[state]} fallback={<LoadingRows rows={state === 'dead' ? 4 : 2} />}>
            <Rows api={api} state={state} cursors={cursors} mayResend={mayResend && state === 'dead'} />
          </Suspense>
        </Section>
      ))}
      <Suspense key={cursors.missing} fallback={null}>
        <MissingContent api={api} cursors={cursors} mayLook={mayResend} />
      </Suspense>
    </>
  );
}

interface RowsProps {
  readonly api: Client;
  readonly state: OutboxRow['state'];
  readonly cursors: Cursors;
  readonly mayResend: boolean;
}

async function Rows({ api, state, cursors, mayResend }: RowsProps) {
  const t = await getTranslations('deliveries');
  const cursor = cursors[state];
  const page = await pageOrNull(() => api.call(routes.listOutbox, { query: { state, limit: 50, cursor } }));
  const isAlone = page?.items.length === 1 && page.nextCursor === null && cursor === undefined;
  return (
    <>
      {mayResend && !isAlone && page?.items.some(({ isRevivable }) => isRevivable) ? (
        <div className="flex justify-end border-b border-line px-4 py-2">
          <TryAgain id={null} label={t('tryAll')} />
        </div>
      ) : null}
      {page === null || page.items.length === 0 ? (
        <output className="block px-4 py-10 text-center text-sm text-quiet">
          {page === null ? t('notUnderstood') : cursor === undefined ? t(`${state}.none`) : t('noneOlder')}
        </output>
      ) : (
        <ul className="divide-y divide-line">
          {page.items.map((row) => (
            <DeliveryRow key={row.id} row={row} mayResend={mayResend} />
          ))}
        </ul>
      )}
      <Pages list={state} cursors={cursors} next={page?.nextCursor ?? null} />
    </>
  );
}

/** The ways to the newest and to older ones of a list, which leave the other lists where they are. */
async function Pages({ list, cursors, next }: { readonly list: keyof Cursors; readonly cursors: Cursors; readonly next: string | null }) {
  const t = await getTranslations('deliveries');
  const href = (cursor: string | undefined) => `${addressOf(PATH, { ...cursors, [list]: cursor })}#${list}`;
  return (
    <PageLinks
      label={t('pages', { list: t(`${list}.title`) })}
      newest={cursors[list] === undefined ? null : { href: href(undefined), label: t('newest') }}
      older={next === null ? null : { href: href(next), label: t('older') }}
    />
  );
}

interface MissingContentProps {
  readonly api: Client;
  readonly cursors: Cursors;
  readonly mayLook: boolean;
}

async function MissingContent({ api, cursors, mayLook }: MissingContentProps) {
  const t = await getTranslations('deliveries.missing');
  const list = await getTranslations('deliveries');
  const locale = await getLocale();
  const cursor = cursors.missing;
  const page = await pageOrNull(() => api.call(routes.listMissingContent, { query: { limit: 50, cursor } }));
  if (page?.items.length === 0 && cursor === undefined) return null;
  return (
    <Section id="missing" title={t('title')} note={t('text')}>
      {mayLook && page !== null ? <LookAgain label={t('lookAgain')} text={t('lookText')} /> : null}
      {page === null || page.items.length === 0 ? (
        <output className="block px-4 py-10 text-center text-sm text-quiet">{list(page === null ? 'notUnderstood' : 'noneOlder')}</output>
      ) : (
        <ul className="divide-y divide-line">
          {page.items.map(({ message, missingSince }) => (
            <li key={message.id} className="px-4 py-3 text-sm">
              <Link
                href={messagePath(message.id)}
                prefetch={false}
                className="font-medium break-words underline underline-offset-2 hover:text-ink"
              >
                {messageName(message)}
              </Link>
              <p className="text-quiet">
                {message.sender} · {t('since')} <LocalTime at={missingSince} locale={locale} />
              </p>
            </li>
          ))}
        </ul>
      )}
      <Pages list="missing" cursors={cursors} next={page?.nextCursor ?? null} />
    </Section>
  );
}
