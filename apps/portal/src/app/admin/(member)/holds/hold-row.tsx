import type { LegalHold } from '@signet/api-contract/legal-holds';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { plainText } from '../../../../components/plain-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { addressOf, messagePath } from '../page-address.ts';

/** As high as a finger needs, though the text is small. */
const link = 'inline-block max-w-full py-0.5 underline underline-offset-2';

interface HoldRowProps {
  readonly hold: LegalHold;
  /** Whether something is being counted, so that nothing is pressed twice. */
  readonly pending: boolean;
  /** Null: nothing may be done. */
  readonly onAct: ((act: 'change' | 'release') => void) | null;
}

/** One hold: what it keeps and why, since when and by whom, and how it ended. */
export function HoldRow({ hold, pending, onAct }: HoldRowProps) {
  const t = useTranslations('custody.holds');
  const locale = useLocale();
  const { id, kind, messageUid, messageId, address, reason, createdAt, createdBy, releasedAt, releasedBy, releaseReason } = hold;
  return (
    <li id={`hold-${id}`} className="px-4 py-3 text-sm target:bg-raised">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="min-w-0 font-medium break-words">{plainText(reason)}</span>
        <Badge tone={releasedAt === null ? 'warning' : 'neutral'}>{t(releasedAt === null ? 'state.holding' : 'state.released')}</Badge>
      </div>
      <p className="mt-1 break-words">
        {kind === 'message' && messageUid !== null ? (
          <>
            {t('what.message')}{' '}
            <Link href={messagePath(messageUid)} prefetch={false} className={`${link} break-all`}>
              {plainText(messageId ?? messageUid)}
            </Link>
          </>
        ) : kind === 'address' ? (
          t('what.address', { address: plainText(address ?? '') })
        ) : (
          t('what.organization')
        )}
        <Span hold={hold} />
      </p>
      <p className="mt-1 break-words text-quiet">
        {t.rich('since', { by: plainText(createdBy ?? t('somebody')), time: timeTag(createdAt, locale, 'short') })}
      </p>
      {releasedAt === null ? null : (
        <p className="break-words text-quiet">
          {t.rich('released', {
            by: plainText(releasedBy ?? t('somebody')),
            reason: plainText(releaseReason ?? ''),
            time: timeTag(releasedAt, locale, 'short'),
          })}
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {onAct === null || releasedAt !== null
          ? null
          : (['release', 'change'] as const).map((act) => (
              <Button key={act} variant="secondary" size="small" disabled={pending} onClick={() => onAct(act)}>
                {t(`act.${act}.open`)}
                <span className="sr-only">: {plainText(reason)}</span>
              </Button>
            ))}
        <Link href={addressOf('/admin/records', { target: id })} prefetch={false} className={`${link} text-quiet hover:text-ink`}>
          {t('records')}
          <span className="sr-only">: {plainText(reason)}</span>
        </Link>
      </div>
    </li>
  );
}

/** The time that a hold is about, where it is not about all of it. */
function Span({ hold: { from, to } }: { readonly hold: LegalHold }) {
  const t = useTranslations('custody.holds.what');
  const locale = useLocale();
  if (from === null && to === null) return null;
  const form = from === null ? 'to' : to === null ? 'from' : 'both';
  // Of two tags that the form does not have neither is called.
  const tags = { from: timeTag(from ?? '', locale, 'short'), to: timeTag(to ?? '', locale, 'short') };
  return <span className="block">{t.rich('span', { form, ...tags })}</span>;
}
