import { legible } from '../legible.ts';
import type { Permission } from '../role.ts';
import { MICROSOFT_SOURCE } from './microsoft-record.ts';
import { recordTextOf } from './record-text.ts';

/** Characters of a source. */
const SOURCE_LENGTH = 64;

/** The `source` of what an integration of this name states: as much of the name as there is room for. */
export function sourceNamed(name: string): string {
  return recordTextOf(name, SOURCE_LENGTH);
}

/** Names of sources that mean more than who said it: no integration may have one. */
const reservedSources: ReadonlySet<string> = new Set(['signet', MICROSOFT_SOURCE]);

/** Whether entries would seem to be Signet's own, or Microsoft's, if an integration of this name stated them. */
export function isReservedSource(name: string): boolean {
  return reservedSources.has(legible(name));
}

/** An integration, as far as the source of its entries depends on it. */
interface NamedKey {
  readonly name: string;
  readonly scopes: readonly Permission[];
}

/** Whether one of two integrations may add entries of which nobody could tell whether the other one stated them. */
export function shareSource(one: NamedKey, other: NamedKey): boolean {
  const isStated = [one, other].some(({ scopes }) => scopes.includes('audit:write'));
  return isStated && legible(sourceNamed(one.name)) === legible(sourceNamed(other.name));
}
