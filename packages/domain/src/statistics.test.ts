import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { boundsOf, coverageOf, gapsBetween, isTimeZone, startBefore } from './statistics.ts';

const at = (text: string) => new Date(text);
const texts = (dates: readonly Date[]) => dates.map((date) => date.toISOString());

describe('bounds', () => {
  it('are the days of the zone, which are shorter and longer where clocks change', () => {
    const spring = { from: at('2026-03-28T00:00:00+01:00'), to: at('2026-03-31T00:00:00+02:00') };
    expect(texts(boundsOf(spring, 'day', 'Europe/Zurich'))).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
      '2026-03-30T22:00:00.000Z',
    ]);
    const autumn = { from: at('2026-10-25T00:00:00+02:00'), to: at('2026-10-26T00:00:00+01:00') };
    expect(boundsOf(autumn, 'hour', 'Europe/Zurich')).toHaveLength(26);
  });

  it('begin with a part where the time begins within an hour, and know zones that are off by half an hour', () => {
    const time = { from: at('2026-11-24T10:10:00Z'), to: at('2026-11-24T12:00:00.500Z') };
    expect(texts(boundsOf(time, 'hour', 'Asia/Kolkata'))).toEqual([
      '2026-11-24T10:10:00.000Z',
      '2026-11-24T10:30:00.000Z',
      '2026-11-24T11:30:00.000Z',
      '2026-11-24T12:00:00.500Z',
    ]);
  });

  it('find the first instant of a day that has no midnight', () => {
    const time = { from: at('2026-04-23T12:00:00Z'), to: at('2026-04-24T12:00:00Z') };
    expect(texts(boundsOf(time, 'day', 'Africa/Cairo'))[1]).toBe('2026-04-23T22:00:00.000Z');
  });

  it('grow, begin and end with the time, and are never further apart than an interval can be, in any zone', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Zurich', 'America/St_Johns', 'Pacific/Chatham', 'Australia/Lord_Howe', 'Pacific/Apia');
    const from = fc.date({ min: at('2005-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(zone, from, fc.integer({ min: 1, max: 12 * 24 * 3_600_000 }), (name, start, length) => {
        const time = { from: start, to: new Date(start.getTime() + length) };
        const bounds = boundsOf(time, 'day', name);
        expect([bounds[0], bounds.at(-1)]).toEqual([time.from, time.to]);
        const lengths = bounds.slice(1).map((bound, index) => bound.getTime() - (bounds[index]?.getTime() ?? 0));
        for (const each of lengths) expect(each).toBeGreaterThan(0);
        for (const each of lengths) expect(each).toBeLessThanOrEqual(26 * 3_600_000);
      }),
      { numRuns: 40 },
    );
  });
});

test('a range of whole days begins so many days before today, in the zone', () => {
  const now = at('2026-03-30T10:00:00Z');
  expect(startBefore(now, 0, 'day', 'Europe/Zurich').toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(startBefore(now, 6, 'day', 'Europe/Zurich').toISOString()).toBe('2026-03-23T23:00:00.000Z');
  expect(startBefore(now, 23, 'hour', 'UTC').toISOString()).toBe('2026-03-29T11:00:00.000Z');
});

test('a zone is known by its name', () => {
  expect(['UTC', 'Europe/Zurich', 'Mars/Olympus', '', "'; select 1"].map(isTimeZone)).toEqual([true, true, false, false, false]);
});

describe('coverage', () => {
  const time = { from: at('2026-11-01T00:00:00Z'), to: at('2026-11-05T00:00:00Z') };
  const since = at('2026-01-01T00:00:00Z');
  const period = (from: string, to: string | null) => ({ from: at(from), to: to === null ? null : at(to) });

  it('has a gap where no period was open', () => {
    expect(gapsBetween(time, [], since)).toEqual([time]);
    expect(gapsBetween(time, [period('2026-10-01T00:00:00Z', null)], since)).toEqual([]);
    const broken = [period('2026-10-01T00:00:00Z', '2026-11-02T06:00:00Z'), period('2026-11-04T00:00:00Z', null)];
    expect(gapsBetween(time, broken, since)).toEqual([{ from: at('2026-11-02T06:00:00Z'), to: at('2026-11-04T00:00:00Z') }]);
    expect(gapsBetween(time, [], at('2026-11-04T00:00:00Z'))).toEqual([{ from: at('2026-11-04T00:00:00Z'), to: time.to }]);
    expect(gapsBetween(time, [period('2027-01-01T00:00:00Z', null)], since)).toEqual([time]);
  });

  it('is whole, partly or none', () => {
    const gaps = [{ from: at('2026-11-02T06:00:00Z'), to: at('2026-11-04T00:00:00Z') }];
    const day = (number: number) => ({ from: at(`2026-11-0${number}T00:00:00Z`), to: at(`2026-11-0${number + 1}T00:00:00Z`) });
    expect([1, 2, 3, 4].map((number) => coverageOf(day(number), gaps))).toEqual(['whole', 'partly', 'none', 'whole']);
  });
});
