import { UsageError } from '../failure.ts';
import type { ParameterTypes } from './cmdlet.ts';

/** A value of any parameter. */
export type Value = ParameterTypes[keyof ParameterTypes];

/**
 * Reads a value as PowerShell would.
 * @throws {UsageError} naming the parameter
 */
export function readValue(name: string, type: keyof ParameterTypes, text: string): Value {
  switch (type) {
    case 'Boolean':
      return readBoolean(name, text);
    case 'Int32':
      if (!/^[+-]?\d{1,9}$/.test(text)) throw new UsageError(`-${name} takes a whole number, not “${text}”.`);
      return Number(text);
    case 'String[]':
      return readList(text);
    case 'DateTime':
      return readDate(name, text);
    case 'Byte[]':
      return readPath(text);
    case 'String':
      return unquoted(text);
    default:
      return type satisfies never;
  }
}

function readBoolean(name: string, text: string): boolean {
  if (/^(\$?true|1)$/i.test(text)) return true;
  if (/^(\$?false|0)$/i.test(text)) return false;
  const hint = text === '' ? ` A Unix shell took $true for a variable of its own: write -${name} '$true'.` : '';
  throw new UsageError(`-${name} takes $true or $false, not “${text}”.${hint}`);
}

/** Quotes that a shell in between left in place. */
function unquoted(text: string): string {
  const found = /^(["'])(.*)\1$/s.exec(text);
  return found?.[2] ?? text;
}

/** `a,b`, `"a","b, c"` and `@("a","b")`. */
export function readList(text: string): string[] {
  const inner = /^@\((.*)\)$/s.exec(text)?.[1] ?? text;
  const parts = inner.match(/\s*(?:"[^"]*"|'[^']*')\s*(?=,|$)|[^,]+/g) ?? [];
  return parts.map((part) => unquoted(part.trim())).filter((part) => part !== '');
}

/** The file that PowerShell would read bytes from: its path alone, or as `([System.IO.File]::ReadAllBytes('…'))` or `(Get-Content '…' …)`. */
function readPath(text: string): string {
  const named = /^\(?\s*(?:\[(?:System\.)?IO\.File\]::ReadAllBytes\(|Get-Content\s+(?:-Path\s+)?)\s*(["'])(.+?)\1/i.exec(text);
  return named?.[2] ?? unquoted(text);
}

const american = /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})(?:[ T](?<time>.+))?$/;
const iso = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[ T](?<time>.+))?$/;
const clock = /^(?<hours>\d{1,2}):(?<minutes>\d\d)(?::(?<seconds>\d\d)(?:\.\d+)?)?(?<offset>Z|[+-]\d\d:\d\d)?$/i;

/**
 * A time as `Search-UnifiedAuditLog` takes it: `11/22/2026`, `2026-11-22`, either with a time of day; UTC unless an offset says otherwise.
 * Gives RFC 3339 in UTC.
 */
function readDate(name: string, text: string): string {
  const given = unquoted(text).trim();
  const date = (american.exec(given) ?? iso.exec(given))?.groups;
  const time = clock.exec(date?.['time'] ?? '0:00')?.groups;
  if (date !== undefined && time !== undefined) {
    const day = `${date['year']}-${two(date['month'])}-${two(date['day'])}`;
    const ofDay = `${two(time['hours'])}:${two(time['minutes'])}:${two(time['seconds'])}`;
    const instant = new Date(`${day}T${ofDay}${time['offset']?.toUpperCase() ?? 'Z'}`);
    if (isDay(day) && !Number.isNaN(instant.getTime())) return instant.toISOString();
  }
  throw new UsageError(`-${name} takes a date like 11/22/2026 or 2026-11-22T10:36:45Z (UTC), not “${text}”.`);
}

function two(digits = '0'): string {
  return digits.padStart(2, '0');
}

/** Whether a calendar has the day: 30 February is read as one of March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
