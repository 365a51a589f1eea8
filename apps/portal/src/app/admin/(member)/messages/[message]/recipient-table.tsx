import type { Recipient } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { Badge } from '../../../../../components/ui/badge.tsx';
import { timeTag } from '../../../../../components/time-tag.tsx';
import { accessTones, deliveryTones } from '../../../../../components/message/state-summary.ts';

const columns = ['address', 'delivery', 'access'] as const;
const widths = { address: 'w-[34%]', delivery: 'w-[36%]', access: '' } as const;
const cell = 'block px-4 py-1 align-top md:table-cell md:px-3 md:py-3 md:first:pl-4 md:last:pr-4';

/** What became of the message at each recipient. */
export function RecipientTable({ recipients }: { readonly recipients: readonly Recipient[] }) {
  const t = useTranslations('admin.recipients');
  return (
    <table className="block w-full text-sm md:table md:table-fixed">
      <thead className="hidden md:table-header-group">
        <tr className="text-left text-xs text-quiet">
          {columns.map((column) => (
            <th key={column} scope="col" className={`px-3 py-2.5 font-medium first:pl-4 last:pr-4 ${widths[column]}`}>
              {t(`column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {recipients.map((recipient) => (
          <RecipientRow key={recipient.id} recipient={recipient} />
        ))}
      </tbody>
    </table>
  );
}

function RecipientRow({ recipient }: { readonly recipient: Recipient }) {
  const t = useTranslations('admin.recipients');
  const locale = useLocale();
  const { deliveryState, accessState, sentAt, lastResponse, openedAt, revokedAt, revokedBy, reason } = recipient;
  return (
    <tr className="block py-2 md:table-row md:py-0">
      <td className={`${cell} font-medium break-words`}>{recipient.address}</td>
      <td className={cell}>
        <Badge tone={deliveryTones[deliveryState]} title={t(`deliveryMeaning.${deliveryState}`)}>
          {t(`delivery.${deliveryState}`)}
        </Badge>
        {sentAt === null ? null : (
          <Remark>
            <LocalTime at={sentAt} locale={locale} timeStyle="medium" />
          </Remark>
        )}
        {lastResponse === null ? null : (
          <Remark>
            <span className="sr-only">{t('response')}</span>
            <code className="font-mono text-xs break-words">{lastResponse}</code>
          </Remark>
        )}
      </td>
      <td className={cell}>
        {accessState === null ? (
          <span className="text-quiet">{t('accessNotYours')}</span>
        ) : (
          <Badge tone={accessTones[accessState]} title={t(`accessMeaning.${accessState}`)}>
            {t(`access.${accessState}`)}
          </Badge>
        )}
        {openedAt === null ? null : <Remark>{t.rich('openedAt', { time: timeTag(openedAt, locale) })}</Remark>}
        {revokedAt === null ? null : (
          <Remark>{t.rich('revokedAt', { by: revokedBy ?? t('somebody'), time: timeTag(revokedAt, locale) })}</Remark>
        )}
        {revokedAt === null || reason === null || reason === '' ? null : <Remark>{t('reason', { reason })}</Remark>}
      </td>
    </tr>
  );
}

function Remark({ children }: { readonly children: ReactNode }) {
  return <p className="mt-1 text-xs break-words text-quiet">{children}</p>;
}
