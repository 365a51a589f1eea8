import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { timeTag } from '../../../../../../components/time-tag.tsx';
import { requireMember } from '../../../../member-session.ts';
import { BackLink } from '../../../back-link.tsx';
import { foundOrNull } from '../../../found-or-null.ts';
import { nameIn } from '../../../page-address.ts';
import { importPath, IMPORTS_PATH } from '../import-path.ts';
import { ImportReport } from '../import-report.tsx';
import { ImportState } from '../import-state.tsx';

interface OneImportPageProps {
  readonly params: Promise<{ readonly import: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('imports.one');
  return { title: t('title') };
}

/** One import: when it was, how far it came, and the lines that it refused. */
export default async function OneImportPage({ params }: OneImportPageProps) {
  const id = nameIn((await params).import);
  const { member, api } = await requireMember(importPath(id));
  if (!roleMay(member.role, 'audit:write')) notFound();
  const found = await foundOrNull(() => api.call(routes.getAuditImport, { params: { id } }));
  if (found === null) notFound();
  const [t, locale] = await Promise.all([getTranslations('imports'), getLocale()]);
  const { refusals, ...one } = found;
  return (
    <>
      <BackLink href={IMPORTS_PATH}>{t('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('one.title')}</h1>
      <p className="text-sm text-quiet">{t.rich('one.began', { time: timeTag(one.startedAt, locale) })}</p>
      <div className="mt-1 max-w-2xl text-sm text-quiet">
        <ImportState {...one} />
      </div>
      <ImportReport {...one} refusals={refusals} more={t('one.more', { count: refusals.length })} />
    </>
  );
}
