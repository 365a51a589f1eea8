import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { buttonClasses } from '../ui/button.tsx';
import { plainText } from '../plain-text.ts';
import { timeTag } from '../time-tag.tsx';
import { EntryLine } from './entry-line.tsx';
import { Line } from './timeline-line.tsx';
import { timelineOf } from './timeline-items.ts';
import type { TimelineItem } from './timeline-items.ts';
import { GapWords } from './tracking-words.tsx';

interface TimelineProps {
  readonly sources: Parameters<typeof timelineOf>[0];
  /** The address of the page that ends before an instant; of the newest one where there is none. */
  readonly addressOf: (before: string | undefined) => string;
  readonly indexedThrough: string;
}

/** Every recorded step of a message, newest first, with the spans of which nothing is known, and what is no longer. */
export function Timeline({ sources, addressOf, indexedThrough }: TimelineProps) {
  const t = useTranslations('admin.timeline');
  const locale = useLocale();
  const { items, before } = timelineOf(sources);
  const earlier = sources.before !== undefined;
  return (
    <>
      {items.length === 0 ? <p className="px-4 py-6 text-sm text-quiet">{t('none')}</p> : null}
      <ol className="divide-y divide-line">
        {items.map((item) => (
          <TimelineLine key={keyOf(item)} item={item} />
        ))}
      </ol>
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3 text-xs text-quiet">
        <p>{t.rich('indexedThrough', { time: timeTag(indexedThrough, locale) })}</p>
        <p className="flex gap-2">
          {earlier ? <StepLink href={`${addressOf(undefined)}#timeline`} label={t('newest')} /> : null}
          {before === null ? null : <StepLink href={`${addressOf(before)}#timeline`} label={t('earlier')} />}
        </p>
      </div>
    </>
  );
}

function StepLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Link href={href} prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
      {label}
    </Link>
  );
}

function keyOf(item: TimelineItem): string {
  if (item.kind === 'entry') return item.entry.id;
  if (item.kind === 'removed') return item.kind;
  return item.kind === 'gap' ? item.gap.from : item.record.id;
}

/** Looks of a line that says that something is not known. */
const hole = 'border-l-4 border-warning/50 bg-warning-wash px-4 py-3 text-sm text-warning';

function TimelineLine({ item }: { readonly item: TimelineItem }) {
  const t = useTranslations('admin.timeline');
  const locale = useLocale();
  if (item.kind === 'entry') return <EntryLine entry={item.entry} />;
  if (item.kind === 'removed') {
    const { steps, from, to } = item.removed;
    return (
      <li className={hole}>
        {t.rich('removed', { count: steps, from: timeTag(from, locale, 'short'), to: timeTag(to, locale, 'short') })}
      </li>
    );
  }
  if (item.kind === 'gap') {
    return (
      <li className={hole}>
        <GapWords gap={item.gap} />
      </li>
    );
  }
  const { record } = item;
  const failed = record.status === 'Failure';
  const who = record.actor.address ?? t(`actor.${record.actor.kind}`);
  const what =
    item.kind === 'switch'
      ? t(item.on ? 'switchedOn' : 'switchedOff')
      : t(`record.${recordName(record.action)}`, { failed: String(failed) });
  return (
    <Line at={record.creationTime} failed={failed} what={what}>
      <p>{record.clientIp === null ? who : `${who} · ${record.clientIp}`}</p>
      {record.reason === null || record.reason === '' ? null : <p>{t('reason', { reason: plainText(record.reason) })}</p>}
    </Line>
  );
}

/** Acts on a message that have words of their own; what is none of them revokes. */
const recordNames = ['MessageRevoke', 'MessageRestore', 'MessageErase', 'MessageResend', 'ExpiryChange'] as const;

function recordName(action: string): (typeof recordNames)[number] {
  return recordNames.find((name) => name === action) ?? 'MessageRevoke';
}
