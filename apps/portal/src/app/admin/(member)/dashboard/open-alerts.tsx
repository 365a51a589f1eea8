import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { Alert } from '../../../../components/ui/alert.tsx';

/** That there are alerts which nobody has seen, and the way to them; nothing where there are none. */
export async function OpenAlerts({ api }: { readonly api: Client }) {
  const { unacknowledged } = await api.call(routes.getAlertSummary);
  if (unacknowledged === 0) return null;
  const t = await getTranslations('alerts');
  return (
    <Alert tone="danger" className="mt-4">
      <Link href="/admin/alerts" prefetch={false} className="font-medium underline underline-offset-2">
        {t('dashboard', { count: unacknowledged })}
      </Link>
    </Alert>
  );
}
