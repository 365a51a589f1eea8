'use client';

import type { Statistics } from '@signet/api-contract/statistics';
import { useLocale, useTranslations } from 'next-intl';
import { useId } from 'react';
import { Bar, CartesianGrid, ComposedChart, Line, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { dashes, unrecordedRuns } from './series.ts';
import type { Series } from './series.ts';

interface ChartProps {
  /** What the chart says, for whoever does not see it. */
  readonly label: string;
  readonly statistics: Statistics;
  readonly series: readonly Series[];
  readonly shape: 'lines' | 'bars';
  readonly timeText: (from: string) => string;
}

/**
 * Counts over time. Hatched spans were not recorded: there is no line, and no zero either. It is one picture to assistive
 * technology, whose numbers stand in the table.
 */
export function Chart({ label, statistics, series, shape, timeText }: ChartProps) {
  const compact = new Intl.NumberFormat(useLocale(), { notation: 'compact' });
  const hatch = useId().replaceAll(/\W/g, '');
  const isUnrecorded = (index: number) => statistics.intervals[index]?.recorded !== 'whole';
  const rows = statistics.intervals.map((interval) => ({
    from: interval.from,
    ...Object.fromEntries(series.map(({ name, valueOf }) => [name, valueOf(interval)])),
  }));
  const isTelling = (value: unknown, index: number) =>
    typeof value === 'number' && ((value > 0 && rows.length <= 40) || (isUnrecorded(index - 1) && isUnrecorded(index + 1)));
  const axis = { stroke: 'var(--quiet)', fontSize: 11, tickLine: false } as const;
  return (
    <figure className="mt-3">
      <figcaption className="sr-only">{label}</figcaption>
      {/* Until it is drawn anew for a window that became narrower, the picture is as wide as before: it must not widen the page. */}
      <div aria-hidden className="h-56 w-full min-w-0 overflow-x-clip">
        <ResponsiveContainer width="100%" height="100%" minWidth={0} initialDimension={{ width: 640, height: 224 }}>
          <ComposedChart data={rows} accessibilityLayer={false} margin={{ top: 6, right: 4, bottom: 0, left: 0 }} barCategoryGap="22%">
            <defs>
              <pattern id={hatch} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect width="7" height="7" fill="var(--warning-wash)" />
                <line x1="0" x2="0" y1="0" y2="7" stroke="var(--warning)" strokeOpacity="0.45" strokeWidth="1.5" />
              </pattern>
            </defs>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            {unrecordedRuns(statistics.intervals).map(({ first, last }) => (
              <ReferenceArea key={first} x1={first} x2={last} fill={`url(#${hatch})`} fillOpacity={1} ifOverflow="extendDomain" />
            ))}
            <XAxis dataKey="from" tickFormatter={timeText} minTickGap={28} axisLine={{ stroke: 'var(--line)' }} {...axis} />
            <YAxis allowDecimals={false} width={34} axisLine={false} tickFormatter={(value: number) => compact.format(value)} {...axis} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--raised)', stroke: 'var(--line)' }}
              content={<Values statistics={statistics} series={series} timeText={timeText} />}
            />
            {series.map(({ name, color }) =>
              shape === 'bars' || name === 'sent' ? (
                <Bar
                  key={name}
                  dataKey={name}
                  fill={`var(--${color})`}
                  stroke="var(--surface)"
                  strokeWidth={shape === 'bars' && rows.length <= 40 ? 1 : 0}
                  maxBarSize={28}
                  isAnimationActive={false}
                  {...(shape === 'bars' ? { stackId: 'all' } : {})}
                />
              ) : (
                <Line
                  key={name}
                  dataKey={name}
                  type="linear"
                  stroke={`var(--${color})`}
                  strokeWidth={2}
                  strokeDasharray={dashes[name] ?? '0'}
                  dot={<Dot color={`var(--${color})`} isTelling={isTelling} />}
                  connectNulls={false}
                  isAnimationActive={false}
                />
              ),
            )}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

interface DotProps {
  readonly color: string;
  readonly isTelling: (value: unknown, index: number) => boolean;
  /** What the chart adds. */
  readonly cx?: number;
  readonly cy?: number;
  readonly value?: unknown;
  readonly index?: number;
}

/** Zeros in a row need no dots; a value between two gaps is nothing but its dot. */
function Dot({ color, isTelling, cx, cy, value, index = 0 }: DotProps) {
  return isTelling(value, index) ? <circle cx={cx} cy={cy} r={2.2} fill={color} /> : null;
}

interface ValuesProps extends Pick<ChartProps, 'statistics' | 'series' | 'timeText'> {
  /** What the chart adds: whether the pointer is on it, and on which interval. */
  readonly active?: boolean;
  readonly label?: string;
}

/** The numbers of the interval under the pointer. */
function Values({ statistics, series, timeText, active = false, label }: ValuesProps) {
  const t = useTranslations('dashboard');
  const interval = active ? statistics.intervals.find((each) => each.from === label) : undefined;
  if (interval === undefined) return null;
  return (
    <div className="rounded-lg border border-line bg-surface px-3 py-2 text-xs shadow-md">
      <p className="font-medium">{timeText(interval.from)}</p>
      {series.map(({ name, valueOf }) => (
        <p key={name} className="flex justify-between gap-4 text-quiet">
          {t(`series.${name}`)}
          <span className="text-ink tabular-nums">{valueOf(interval) ?? t('notRecorded')}</span>
        </p>
      ))}
      {interval.recorded === 'partly' ? <p className="text-quiet">{t('partly')}</p> : null}
    </div>
  );
}
