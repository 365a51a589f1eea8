import type { AuditErasurePreview } from '@signet/api-contract/audit-erasures';
import { erasureLimits } from '@signet/domain/erasure';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { plainText } from '../../../../../components/plain-text.ts';
import { Button } from '../../../../../components/ui/button.tsx';
import { holdPath } from '../../page-address.ts';

/** As high as a finger needs, though the text is small. */
const link = 'inline-block max-w-full py-0.5 wrap-anywhere underline underline-offset-2';

interface ErasureForecastProps {
  readonly address: string;
  readonly preview: AuditErasurePreview;
  readonly onErase: () => void;
}

/** What an erasure would take, of which messages, and what stays. */
export function ErasureForecast({ address, preview, onErase }: ErasureForecastProps) {
  const t = useTranslations('log.erasures');
  const { entries, held, already, more, messageCount, messages, holds } = preview;
  return (
    <div className="space-y-3 border-t border-line pt-4 text-sm">
      <p className="font-medium wrap-anywhere">
        {entries === 0 ? t('nothing') : t('would', { address: plainText(address), count: entries, messages: messageCount })}
      </p>
      {more ? <p>{t('more', { most: erasureLimits.byAddress })}</p> : null}
      {already > 0 ? <p>{t('already', { count: already })}</p> : null}
      {held > 0 ? (
        <div>
          <p>{held < erasureLimits.heldByAddress ? t('held', { count: held }) : t('heldMany', { most: erasureLimits.heldByAddress })}</p>
          <ul className="mt-1 list-disc pl-5">
            {holds.map(({ id, reason }) => (
              <li key={id}>
                <Link href={holdPath(id)} prefetch={false} className={link}>
                  {plainText(reason ?? id)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {messages.length > 0 ? (
        <details>
          <summary className="w-fit cursor-pointer rounded py-0.5 text-quiet hover:text-ink">{t('messages')}</summary>
          <ul className="mt-1 max-h-72 list-disc overflow-y-auto pl-5">
            {messages.map((message) => (
              <li key={`${message.messageUid} ${message.messageId}`} className="py-0.5 wrap-anywhere">
                {t('message', { name: plainText(message.messageId), count: message.entries })}
              </li>
            ))}
          </ul>
          {messageCount > messages.length ? (
            <p className="mt-1 text-quiet">{t('moreMessages', { count: messageCount - messages.length })}</p>
          ) : null}
        </details>
      ) : null}
      {entries === 0 ? null : (
        <Button variant="danger" onClick={onErase}>
          {t('open', { count: entries })}
        </Button>
      )}
    </div>
  );
}
