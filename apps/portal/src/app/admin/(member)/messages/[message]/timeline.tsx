import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { buttonClasses } from '../../../../../components/ui/button.tsx';
import { addressOf } from '../../page-address.ts';
import { EntryLine } from './entry-line.tsx';
import { Line } from './timeline-line.tsx';
import { timelineOf } from './timeline-items.ts';
import type { TimelineItem } from './timeline-items.ts';
import { GapWords } from './tracking-words.tsx';

interface TimelineProps {
  readonly sources: Parameters<typeof timelineOf>[0];
  readonly path: string;
  readonly indexedThrough: string;
}

/** Every recorded step of a message, newest first, with the spans of which nothing is known. */
export function Timeline({ sources, path, indexedThrough }: TimelineProps) {
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
        <p>{t.rich('indexedThrough', { time: () => <LocalTime at={indexedThrough} locale={locale} timeStyle="medium" /> })}</p>
        <p className="flex gap-2">
          {earlier ? <StepLink href={`${path}#timeline`} label={t('newest')} /> : null}
          {before === null ? null : <StepLink href={`${addressOf(path, { before })}#timeline`} label={t('earlier')} />}
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
  switch (item.kind) {
    case 'entry':
      return item.entry.id;
    case 'gap':
      return item.gap.from;
    case 'record':
    case 'switch':
      return item.record.id;
  }
}

function TimelineLine({ item }: { readonly item: TimelineItem }) {
  const t = useTranslations('admin.timeline');
  switch (item.kind) {
    case 'entry':
      return <EntryLine entry={item.entry} />;
    case 'gap':
      return (
        <li className="border-l-4 border-warning/50 bg-warning-wash px-4 py-3 text-sm text-warning">
          <GapWords gap={item.gap} />
        </li>
      );
    case 'record': {
      const { record } = item;
      const failed = record.status === 'Failure';
      return (
        <Line at={record.creationTime} failed={failed} what={t(`record.${recordName(record.action)}`, { failed: String(failed) })}>
          <p>{[record.actor.address ?? t(`actor.${record.actor.kind}`), record.clientIp].filter(Boolean).join(' · ')}</p>
          {record.reason === null || record.reason === '' ? null : <p>{t('reason', { reason: record.reason })}</p>}
        </Line>
      );
    }
    case 'switch':
      return (
        <Line at={item.at} what={t(item.on ? 'switchedOn' : 'switchedOff')}>
          <p>{item.record.actor.address ?? t(`actor.${item.record.actor.kind}`)}</p>
        </Line>
      );
  }
}

function recordName(action: string): 'MessageRevoke' | 'MessageRestore' | 'MessageErase' {
  return action === 'MessageRestore' || action === 'MessageErase' ? action : 'MessageRevoke';
}
