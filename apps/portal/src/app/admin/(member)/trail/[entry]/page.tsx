import { routes } from '@signet/api-contract/routes';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { isProblem } from '../../../../../api/is-problem.ts';
import { isUnaskable } from '../../../../../api/is-unaskable.ts';
import { CopyText } from '../../../../../components/copy-text.tsx';
import { LoadingRows } from '../../../../../components/loading-rows.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { env } from '../../../../../env.ts';
import { memberApi, requireMember } from '../../../member-session.ts';
import { BackLink } from '../../back-link.tsx';
import { columnsOf } from '../../columns.ts';
import { nameIn } from '../../page-address.ts';
import { Section } from '../../section.tsx';
import { entryPath } from '../entry-path.ts';
import { TrailTable } from '../trail-table.tsx';
import { EntryProof } from './entry-proof.tsx';

interface EntryPageProps {
  readonly params: Promise<{ readonly entry: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('log.entry');
  return { title: t('title') };
}

/** One audit entry: what it says, all that is on record, and the proof that it is in the log. */
export default async function EntryPage({ params }: EntryPageProps) {
  const id = nameIn((await params).entry);
  const path = entryPath(id);
  const { member, api } = await requireMember(path);
  if (!roleMay(member.role, 'audit:read')) notFound();
  const entry = await findEntry(id);
  if (entry === null) notFound();
  const t = await getTranslations('log.entry');
  const json = JSON.stringify(entry, null, 2);
  return (
    <>
      <BackLink href="/admin/trail">{t('back')}</BackLink>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold">{t('title')}</h1>
        <span className="flex items-center gap-1 text-sm text-quiet">
          {t('link')}
          <CopyText text={new URL(path, env().PUBLIC_URL).href} label={t('copyLink')} doneLabel={t('copied')} />
        </span>
      </div>
      <Section id="step" title={t('step')}>
        <TrailTable entries={[entry]} columns={columnsOf('trail', 'message.recipients.actor.origin')} isWhole />
      </Section>
      <Section id="proof" title={t('proof.title')} note={t('proof.text')}>
        <Suspense fallback={<LoadingRows rows={4} />}>
          <EntryProof api={api} entry={entry} />
        </Suspense>
      </Section>
      <Section id="record" title={t('record.title')} note={t('record.text')}>
        <div className="relative p-4">
          <div className="absolute top-2 right-2">
            <CopyText text={json} label={t('record.copy')} doneLabel={t('copied')} />
          </div>
          <code className="block pr-8 font-mono text-xs break-all whitespace-pre-wrap">{plainText(json)}</code>
        </div>
      </Section>
    </>
  );
}

/** Null for what is not there and for what is not ours alike. */
async function findEntry(id: string): Promise<AuditEntry | null> {
  const api = await memberApi();
  try {
    return await api.call(routes.getAuditEntry, { params: { id } });
  } catch (error) {
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed') || isUnaskable(error)) return null;
    throw error;
  }
}
