import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { addBulkEntries } from '@signet/db/testing/bulk-entries';
import { canonicalJson } from '@signet/domain/audit/canonical-form';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { readExportedLine } from '@signet/domain/audit/exported-line';
import { writeMicrosoftRecord } from '@signet/domain/audit/microsoft-record';
import { parse } from 'csv-parse';
import { expect, test } from 'vitest';
import { addSampleEntry } from '../testing/sample-entry.ts';
import { testEnvironment } from '../testing/env.ts';
import { spawnApi } from '../testing/spawned-api.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';

/** More in a run by hand: `EXPORT_ENTRIES=1000000 npx vitest run large-export`. */
const { EXPORT_ENTRIES: entries } = testEnvironment;
/** Mebibytes that an api may take above what it has when it has answered small requests, however many entries there are (decision 0032). */
const ROOM = 96;
const PATIENCE = 7_200_000;
/** What an installation starts the api with. */
const asInstalled = {
  options: ['--max-semi-space-size=8', '--heap-growing-percent=30'],
  variables: { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' },
};

const api = await startTestApi();
const acme = await createTestOrganization(api);

/** Resident memory in MiB, as Linux says it; elsewhere it is not looked at. */
function residentMebibytes(pid: number | undefined): number {
  if (!existsSync('/proc/self/status')) return 0;
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Of each form, what is asked for, what an entry of a search looks like in it, and how it is read. */
const forms = {
  ndjson: { query: 'format=ndjson', of: (entry: AuditEntry) => canonicalJson(entry), read: linesOf },
  csv: { query: 'format=csv', of: (entry: AuditEntry) => canonicalJson(rowOf(entry)), read: rowsOf },
  m365: { query: 'format=m365', of: (entry: AuditEntry) => JSON.stringify(writeMicrosoftRecord(entry)), read: linesOf },
} as const;
type Form = keyof typeof forms;
const formNames = Object.keys(forms) as Form[];

/** The cells of an entry, without the last one: its log entry, which a search does not give. */
function rowOf(entry: AuditEntry): string[] {
  const { actor } = entry;
  return [
    entry.creationTime,
    entry.operation,
    entry.messageId,
    entry.recipients.join(';'),
    entry.sender,
    entry.authenticationMethod,
    entry.authenticationStatus,
    entry.operationStatus,
    entry.attachmentName,
    JSON.stringify(entry.operationProperties),
    entry.id,
    entry.source,
    entry.recordedAt,
    entry.organizationId,
    entry.messageUid,
    actor.kind,
    actor.id,
    actor.address,
    entry.clientIp,
    entry.userAgent,
    String(entry.logIndex),
  ].map((cell) => cell ?? '');
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) {
    if (!line.startsWith('{"entry":')) yield line;
    else {
      const { intact, logIndex } = readExportedLine(line);
      const entry: object = JSON.parse(intact?.text ?? '{}');
      yield canonicalJson({ ...entry, logIndex });
    }
  }
}

async function* rowsOf(answer: IncomingMessage): AsyncGenerator<string> {
  const rows: AsyncIterable<string[]> = answer.pipe(parse({ from: 2 }));
  for await (const row of rows) yield canonicalJson(row.slice(0, -1));
}

const digestOf = (text: string) => hash('sha256', text, 'base64');

async function begin(url: string, query: string): Promise<IncomingMessage> {
  const asked = httpRequest(`${url}/v1/audit-entries/export?${query}`, { headers: { authorization: `Bearer ${acme.apiKey}` } });
  asked.on('error', () => undefined);
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
  answer.on('error', () => undefined);
  expect(answer.statusCode).toBe(200);
  return answer;
}

/** A digest of each record of an export, in its order; `look` is called twenty times a second. */
async function exported(url: string, form: Form, { query = '', look }: { query?: string; look?: () => void } = {}): Promise<string[]> {
  const answer = await begin(url, `${forms[form].query}${query}`);
  const digests: string[] = [];
  const looking = setInterval(() => look?.(), 50);
  try {
    for await (const record of forms[form].read(answer)) digests.push(digestOf(record));
  } finally {
    clearInterval(looking);
  }
  expect(answer.complete).toBe(true);
  return digests;
}

/** A digest of each record that a search finds, in each form, page by page, the oldest first. */
async function searched(): Promise<Record<Form, string[]>> {
  const found: Record<Form, string[]> = { ndjson: [], csv: [], m365: [] };
  for (let cursor = ''; ;) {
    const { body } = await ask(api, `GET /v1/audit-entries?limit=5000${cursor}`, { key: acme.apiKey });
    const page = body as unknown as { items: AuditEntry[]; nextCursor: string | null };
    for (const form of formNames) found[form].push(...page.items.map((entry) => digestOf(forms[form].of(entry))));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  for (const form of formNames) found[form].reverse();
  return found;
}

/** Two lists of digests as two short texts: how many, and a digest of all. */
const summaryOf = (digests: readonly string[]) => `${digests.length} ${digestOf(digests.join('\n'))}`;

test(
  `${entries} entries are exported in each form as a search finds them, in memory that does not grow with them, the reader being slow or not`,
  { timeout: PATIENCE },
  async () => {
    const like = await addSampleEntry(api, acme);
    await addBulkEntries(api.settings.DATABASE_URL, acme.organizationId, {
      count: entries,
      like,
      time: "timestamptz '2026-01-01 00:00:01Z' + number * interval '13 seconds'",
    });
    const { child, url } = await spawnApi(api, asInstalled.variables, asInstalled.options);
    for (const form of formNames) expect(await exported(url, form, { query: '&messageId=sample@acme.example' })).toHaveLength(1);
    const start = residentMebibytes(child.pid);
    const found = await searched();
    const tooMuch: string[] = [];
    for (const form of formNames) {
      const begun = performance.now();
      let peak = 0;
      const look = () => void (peak = Math.max(peak, residentMebibytes(child.pid) - start));
      const digests = await exported(url, form, { look });
      look();
      expect(summaryOf(digests)).toBe(summaryOf(found[form]));
      expect(digests).toHaveLength(entries + 1);
      const seconds = Math.round((performance.now() - begun) / 1000);
      console.info(`${form}: ${entries} entries in ${seconds} s, at most ${Math.round(peak)} MiB above ${Math.round(start)}`);
      if (peak > ROOM) tooMuch.push(`${form}: ${Math.round(peak)} MiB`);
    }
    const slow = await begin(url, forms.ndjson.query);
    let peak = 0;
    for (let piece = 0; piece < 100; piece += 1) {
      slow.read(16 * 1024);
      await sleep(25);
      peak = Math.max(peak, residentMebibytes(child.pid) - start);
    }
    expect(slow.complete).toBe(false);
    slow.destroy();
    if (peak > ROOM) tooMuch.push(`a slow reader: ${Math.round(peak)} MiB`);
    expect(tooMuch).toEqual([]);
  },
);
