import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { microsoftOperations } from '@signet/domain/audit/microsoft-record';
import { fewestDays } from '@signet/domain/retention';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { Alert } from '../../../../../components/ui/alert.tsx';

const link = 'font-medium underline underline-offset-2';

/** Says what retention takes of an import, where it takes something: what is imported is old from the beginning. */
export async function RetentionNote({ api }: { readonly api: Client }) {
  const [t, custody, policy] = await Promise.all([
    getTranslations('imports.retention'),
    getTranslations('custody'),
    api.call(routes.getRetention),
  ]);
  const kept = fewestDays(policy, microsoftOperations);
  if (kept === null) return null;
  return (
    <Alert tone="warning" className="mt-4 max-w-2xl space-y-1">
      <p>{t('text', { all: String(kept.isForAll), days: kept.days })}</p>
      <p className="flex flex-wrap gap-x-4">
        <Link href="/admin/retention" prefetch={false} className={link}>
          {custody('retention.title')}
        </Link>
        <Link href="/admin/holds" prefetch={false} className={link}>
          {custody('holds.title')}
        </Link>
      </p>
    </Alert>
  );
}
