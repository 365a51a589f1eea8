import type { Message } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import { timeTag } from '../time-tag.tsx';

/** Whether a message is tracked, since when and with which gaps, and why not. */
export function TrackingWords({ tracking }: { readonly tracking: Message['tracking'] }) {
  const t = useTranslations('admin.tracking');
  const locale = useLocale();
  const { state, since, reason, gaps } = tracking;
  return (
    <ul className="space-y-0.5">
      {state === 'on' && since !== null ? <li>{t.rich('since', { time: timeTag(since, locale) })}</li> : null}
      {reason === null ? null : <li>{t(`why.${reason}`)}</li>}
      {reason === 'default_template'
        ? null
        : gaps.map((gap) => (
            <li key={gap.from}>
              <GapWords gap={gap} />
            </li>
          ))}
    </ul>
  );
}

/** A span of which nothing is known: never "nobody". */
export function GapWords({ gap }: { readonly gap: { readonly from: string; readonly to: string | null } }) {
  const t = useTranslations('admin.tracking');
  const locale = useLocale();
  const { to } = gap;
  const from = timeTag(gap.from, locale);
  return to === null ? t.rich('gapOpen', { from }) : t.rich('gap', { from, to: timeTag(to, locale) });
}
