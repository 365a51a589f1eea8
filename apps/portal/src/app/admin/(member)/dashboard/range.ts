import { startBefore } from '@signet/domain/statistics';
import type { Interval } from '@signet/domain/statistics';

/** The times that the dashboard shows, by their word in the address: so many hours or days, the present one included. */
export const ranges = {
  '24h': { interval: 'hour', count: 24 },
  '7d': { interval: 'day', count: 7 },
  '30d': { interval: 'day', count: 30 },
  '90d': { interval: 'day', count: 90 },
} as const satisfies Record<string, { interval: Interval; count: number }>;

export type RangeName = keyof typeof ranges;
export const rangeNames = ['24h', '7d', '30d', '90d'] as const satisfies readonly RangeName[];
export const PRESET_RANGE: RangeName = '7d';

export function rangeNameOf(text: string | undefined): RangeName {
  return rangeNames.find((name) => name === text) ?? PRESET_RANGE;
}

/** What to ask the api for. */
export function questionOf(name: RangeName, zone: string, now: Date): { from: string; to: string; interval: Interval; zone: string } {
  const { interval, count } = ranges[name];
  return { from: startBefore(now, count - 1, interval, zone).toISOString(), to: now.toISOString(), interval, zone };
}
