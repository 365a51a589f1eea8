import { z } from 'zod';
import { readExportedLine } from '../audit/exported-line.ts';
import { readPlaces } from '../retention.ts';
import type { Checkpoint } from './checkpoint.ts';
import { KnownRemovals } from './known-removals.ts';
import type { Difference } from './root-comparison.ts';
import { ExportVerifier } from './verify-export.ts';

/** As it stands in the canonical text of each record of a removal: the other records need not be read. */
const REMOVAL = '"action":"AuditRemove"';

/** No more than what is needed, so that records of a later version of Signet's do not hinder. */
const act = z.looseObject({ action: z.string(), status: z.string(), organizationId: z.string() });
const stated = z.looseObject({ after: z.looseObject({ places: z.string() }) });

/** Verifies an exported admin log, line by line from index 0 on, and takes from it which places of the audit log were removed. */
export class RemovalVerifier {
  readonly #log: ExportVerifier;
  readonly #organizationId: string;
  readonly #size: number;
  readonly #removals = new KnownRemovals();

  /**
   * @param checkpoints of the admin log, one at least, their signatures verified.
   * @param organizationId whose audit log it is that something was removed from.
   */
  constructor(checkpoints: readonly Checkpoint[], organizationId: string) {
    // Admin records are kept for ever: none may be gone.
    this.#log = new ExportVerifier(checkpoints);
    this.#organizationId = organizationId;
    this.#size = Math.max(...checkpoints.map(({ size }) => size));
  }

  /** Takes the next line, without its end. @returns null while nothing differs; after a difference there is no going on. */
  take(text: string): Difference | null {
    const difference = this.#log.take(text);
    if (difference || !text.includes(REMOVAL)) return difference;
    const { logIndex: index, intact } = readExportedLine(text);
    // What stands behind the last checkpoint nobody has signed yet, and nobody need believe.
    if (intact === null || index >= this.#size) return null;
    const record: unknown = JSON.parse(intact.text);
    const { data: told } = act.safeParse(record);
    if (!told) return { index, detail: 'The record is no admin record' };
    if (told.action !== 'AuditRemove' || told.status !== 'Success') return null;
    if (told.organizationId !== this.#organizationId)
      return { index, detail: `The removal is one of the organization ${told.organizationId}, the log one of ${this.#organizationId}` };
    const ranges = readPlaces(stated.safeParse(record).data?.after.places ?? '');
    if (ranges === null) return { index, detail: 'The record of a removal names no places' };
    this.#removals.add(ranges);
    return null;
  }

  /** @returns what was removed, once the whole log has proved to be what was signed, or where it differs. */
  finish(): KnownRemovals | Difference {
    const result = this.#log.finish();
    return 'index' in result ? result : this.#removals;
  }
}
