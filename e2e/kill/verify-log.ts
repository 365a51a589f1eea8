import { adminRecordRoutes } from '@signet/api-contract/admin-records';
import { auditEntryRoutes } from '@signet/api-contract/audit-entries';
import { logEntryOf } from '@signet/domain/audit/canonical-form';
import { logStreams } from '@signet/domain/log/checkpoint';
import type { RunningSystem } from './running-system.ts';

/** How far the logs were verified. */
interface LogSizes {
  audit: number;
  admin: number;
}

/** Both logs of the organization, looked at again and again. */
export class LogVerifier {
  readonly #system: RunningSystem;
  readonly #organizationId: string;
  readonly #sizes: LogSizes = { audit: 0, admin: 0 };
  #from = new Date(0);

  constructor(system: RunningSystem, organizationId: string) {
    this.#system = system;
    this.#organizationId = organizationId;
  }

  get sizes(): Readonly<LogSizes> {
    return this.#sizes;
  }

  /**
   * Verifies what the logs have grown by since the last time: every index once, without a gap, each with a record whose hash, made
   * anew from what the api answers and its salt, is the one in the log.
   * @returns what is wrong.
   */
  async verify(streams: readonly (keyof LogSizes)[] = logStreams): Promise<string[]> {
    const begun = new Date();
    const faults: string[] = [];
    for (const stream of streams) {
      const rows = await this.#rows(stream);
      faults.push(...faultsOf(stream, this.#sizes[stream], rows, await this.#shown(stream)));
      this.#sizes[stream] += rows.length;
    }
    // Reading the trail left records of its own, which are younger than this.
    this.#from = begun;
    return faults;
  }

  #shown(stream: keyof LogSizes): Promise<{ logIndex: number }[]> {
    const { api } = this.#system;
    const query = { from: this.#from.toISOString(), limit: 5_000 };
    return stream === 'audit'
      ? pages((cursor) => api.call(auditEntryRoutes.listAuditEntries, { query: { ...query, ...cursor } }))
      : pages((cursor) => api.call(adminRecordRoutes.listAdminRecords, { query: { ...query, ...cursor } }));
  }

  #rows(stream: keyof LogSizes): Promise<LogRow[]> {
    const table = stream === 'audit' ? 'audit_entry' : 'admin_record';
    return this.#system.query<LogRow>(
      `select l.log_index, l.hash, (array_agg(r.salt))[1] as salt, h.size, count(r.log_index)::int as copies
       from log_entry l
       join log_head h using (organization_id, stream)
       left join ${table} r on r.organization_id = l.organization_id and r.log_index = l.log_index
       where l.organization_id = $1 and l.stream = $2 and l.log_index >= $3
       group by l.log_index, l.hash, h.size order by l.log_index`,
      [this.#organizationId, stream, this.#sizes[stream]],
    );
  }
}

interface LogRow {
  readonly log_index: string;
  readonly hash: Buffer;
  readonly salt: Buffer | null;
  readonly size: string;
  readonly copies: number;
}

function faultsOf(stream: string, since: number, rows: readonly LogRow[], records: readonly { logIndex: number }[]): string[] {
  const shown = new Map(records.map((record) => [record.logIndex, record]));
  const faults = rows.flatMap(({ log_index: index, hash, salt, copies }, position) => {
    if (Number(index) !== since + position) return [`the ${stream} log has ${index} where ${since + position} should be`];
    const record = shown.get(Number(index));
    if (!record || !salt || copies !== 1) return [`entry ${index} of the ${stream} log has ${copies} records`];
    return Buffer.from(logEntryOf(record, salt)).equals(hash) ? [] : [`entry ${index} of the ${stream} log has another hash`];
  });
  const end = since + rows.length;
  const size = Number(rows[0]?.size ?? end);
  return size === end ? faults : [...faults, `the ${stream} log ends at ${end}, its head says ${size}`];
}

async function pages<T>(page: (cursor: { cursor?: string }) => Promise<{ items: T[]; nextCursor: string | null }>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: { cursor?: string } = {}; ;) {
    const { items, nextCursor } = await page(cursor);
    all.push(...items);
    if (nextCursor === null) return all;
    cursor = { cursor: nextCursor };
  }
}
