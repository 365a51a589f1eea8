import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { requireMember } from '../../../member-session.ts';
import { foundOrNull } from '../../found-or-null.ts';
import { LoggedPage } from '../../logged-page.tsx';
import { nameIn } from '../../page-address.ts';
import { keyNames } from '../key-names.ts';
import { recordPath } from '../record-path.ts';
import { RecordTable } from '../record-table.tsx';
import { recordsPath } from '../record-filters.ts';

interface RecordPageProps {
  readonly params: Promise<{ readonly record: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('log.logged.admin');
  return { title: t('title') };
}

/** One admin record: what was done, all that is on record, and the proof that it is in the log. */
export default async function RecordPage({ params }: RecordPageProps) {
  const id = nameIn((await params).record);
  const path = recordPath(id);
  const { member, api } = await requireMember(path);
  if (!roleMay(member.role, 'admin:read')) notFound();
  const [record, names] = await Promise.all([
    foundOrNull(() => api.call(routes.getAdminRecord, { params: { id } })),
    keyNames(api, member.role),
  ]);
  if (record === null) notFound();
  const prove = () => api.call(routes.proveAdminRecord, { params: { id } });
  return (
    <LoggedPage stream="admin" logged={record} path={path} list={recordsPath({})} prove={prove}>
      <RecordTable records={[record]} keyNames={names} isWhole />
    </LoggedPage>
  );
}
