import type { AuditEntryErasure } from '@signet/api-contract/audit-erasures';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { isProblem } from '../../../../../api/is-problem.ts';
import { requireMember } from '../../../member-session.ts';
import { columnsOf } from '../../columns.ts';
import { foundOrNull } from '../../found-or-null.ts';
import { LoggedPage } from '../../logged-page.tsx';
import { nameIn } from '../../page-address.ts';
import { entryPath } from '../entry-path.ts';
import { EraseButton } from '../erase-button.tsx';
import { ErasedEntry, ErasureNote } from '../erased-entry.tsx';
import { TrailTable } from '../trail-table.tsx';

interface EntryPageProps {
  readonly params: Promise<{ readonly entry: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('log.logged.audit');
  return { title: t('title') };
}

/** One audit entry: what it says, all that is on record, and the proof that it is in the log; or what is left of it after an erasure by law. */
export default async function EntryPage({ params }: EntryPageProps) {
  const id = nameIn((await params).entry);
  const path = entryPath(id);
  const { member, api } = await requireMember(path);
  if (!roleMay(member.role, 'audit:read')) notFound();
  const [entry, left] = await Promise.all([
    foundOrNull(() => api.call(routes.getAuditEntry, { params: { id } })).catch(erasedOrThrow),
    foundOrNull<AuditEntryErasure>(() => api.call(routes.getAuditEntryErasure, { params: { id } })),
  ]);
  if (left?.outcome === 'erased') return <ErasedEntry left={left} mayReadRecords={roleMay(member.role, 'admin:read')} />;
  if (entry === null) notFound();
  const prove = () => api.call(routes.proveAuditEntry, { params: { id } });
  const mayErase = roleMay(member.role, 'audit:erase') && left?.outcome !== 'waiting';
  return (
    <LoggedPage
      stream="audit"
      logged={entry}
      path={path}
      list="/admin/trail"
      prove={prove}
      act={mayErase ? <EraseButton id={id} logIndex={entry.logIndex} /> : null}
      state={<ErasureNote left={left} />}
    >
      <TrailTable entries={[entry]} columns={columnsOf('trail', 'message.recipients.actor.origin')} isWhole />
    </LoggedPage>
  );
}

/** An entry that was erased is none; what is left of it is asked for beside it. */
function erasedOrThrow(error: unknown): null {
  if (isProblem(error, 'entry_erased')) return null;
  throw error;
}
