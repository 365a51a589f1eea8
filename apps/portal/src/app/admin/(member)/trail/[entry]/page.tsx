import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { requireMember } from '../../../member-session.ts';
import { columnsOf } from '../../columns.ts';
import { foundOrNull } from '../../found-or-null.ts';
import { LoggedPage } from '../../logged-page.tsx';
import { nameIn } from '../../page-address.ts';
import { entryPath } from '../entry-path.ts';
import { TrailTable } from '../trail-table.tsx';

interface EntryPageProps {
  readonly params: Promise<{ readonly entry: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('log.logged.audit');
  return { title: t('title') };
}

/** One audit entry: what it says, all that is on record, and the proof that it is in the log. */
export default async function EntryPage({ params }: EntryPageProps) {
  const id = nameIn((await params).entry);
  const path = entryPath(id);
  const { member, api } = await requireMember(path);
  if (!roleMay(member.role, 'audit:read')) notFound();
  const entry = await foundOrNull(() => api.call(routes.getAuditEntry, { params: { id } }));
  if (entry === null) notFound();
  const prove = () => api.call(routes.proveAuditEntry, { params: { id } });
  return (
    <LoggedPage stream="audit" logged={entry} path={path} list="/admin/trail" prove={prove}>
      <TrailTable entries={[entry]} columns={columnsOf('trail', 'message.recipients.actor.origin')} isWhole />
    </LoggedPage>
  );
}
