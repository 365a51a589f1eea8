import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { requireMember } from '../../../member-session.ts';
import { BackLink } from '../../back-link.tsx';
import { ImportForm } from './import-form.tsx';

export async function generateMetadata() {
  const t = await getTranslations('imports');
  return { title: t('title') };
}

/** Where records of Microsoft 365 join the trail. */
export default async function ImportPage() {
  const { member } = await requireMember('/admin/trail/import');
  if (!roleMay(member.role, 'audit:write')) notFound();
  const [t, trail] = await Promise.all([getTranslations('imports'), getTranslations('admin.trail')]);
  return (
    <>
      <BackLink href="/admin/trail">{trail('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
      <ImportForm />
    </>
  );
}
