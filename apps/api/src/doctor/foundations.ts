import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { HealthCheckName } from '@signet/api-contract/health-report';
import { newId, type Database } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { outboxBacklog } from '@signet/db/outbox';
import { takePulse } from '@signet/db/pulse';
import type { Vault } from '@signet/vault/vault';
import { fault, ok, warning, wordsOf, type Check, type Finding } from './finding.ts';

/** What Signet cannot run without, and what mends each: said by the doctor, and by an api that cannot start. */
const mends = {
  database: 'See that PostgreSQL runs and that DATABASE_URL names it; where migrations are missing, run the migrate command.',
  keyProvider: 'Put the master key back where KEY_PROVIDER_URL says: nothing can be read or taken in without it.',
  blobStorage: 'See that the folder of BLOB_URL is there, has room, and belongs to the account that Signet runs as.',
} as const;

/** How far the clocks of this machine and of the database may be apart, in seconds. */
const CLOCK = { warning: 2, fault: 30 } as const;
/** How long what is due may wait for the worker, in seconds. */
const WAITING = { warning: 120, fault: 600 } as const;
/** How much of the disk must be free. */
const FREE = { warning: 0.1, fault: 0.02 } as const;
const GIBIBYTE = 1024 ** 3;

/** The checks of what every process stands on. */
export function foundationChecks(parts: { database: Database; vault: Vault; organizationId: string; blobUrl: string }) {
  const { database, vault, organizationId, blobUrl } = parts;
  const { system } = database;
  return {
    database: {
      mend: mends.database,
      run: async () => {
        const findings = await database.check();
        const [first] = findings;
        return first === undefined
          ? ok('Answers, takes what is written, and has every migration')
          : warning(findings.join('; '), 'Set DATABASE_URL to an account that is a member of signet_app.');
      },
    },
    clock: {
      mend: mends.database,
      run: async () => {
        const asked = Date.now();
        const { now } = await takePulse(system);
        // What the answer took on its way is no difference of the clocks.
        const answered = Date.now();
        const seconds = Math.max(0, asked - now.getTime(), now.getTime() - answered) / 1000;
        const found = `This machine’s clock and the database’s are ${seconds.toFixed(1)} s apart`;
        const mend = 'Let both machines take the time from a time server (NTP).';
        return seconds > CLOCK.fault ? fault(found, mend) : seconds > CLOCK.warning ? warning(found, mend) : ok(found);
      },
    },
    keyProvider: {
      mend: mends.keyProvider,
      run: async () => {
        const key = await findActiveKey(database.forOrganization(organizationId));
        const context = { organizationId, purpose: 'health-probe', id: newId() } as const;
        const probe = Buffer.from(context.id);
        const opened = await vault.openSecret(key, context, await vault.sealSecret(key, context, probe));
        if (!probe.equals(opened)) return fault('What was sealed opens as something else', mends.keyProvider);
        // What is kept in memory would open though the key itself is gone.
        const provider = (await vault.health()).find(({ subject }) => subject === 'key_provider');
        return provider?.healthy === true
          ? ok('A probe was sealed and opened again')
          : fault(provider?.detail ?? 'it was not asked', mends.keyProvider);
      },
    },
    blobStorage: {
      mend: mends.blobStorage,
      run: async () => {
        const storage = (await vault.health()).find(({ subject }) => subject === 'blob_store');
        if (storage?.healthy !== true) return fault(storage?.detail ?? 'it was not asked', mends.blobStorage);
        return roomFinding(await statfs(fileURLToPath(blobUrl)));
      },
    },
    queue: {
      mend: mends.database,
      run: async () => {
        // What others have to wait for is none of this organization's business.
        const backlog = outboxBacklog(system, organizationId);
        const [{ workerConnections }, { waiting, oldestSeconds, dead }] = await Promise.all([takePulse(system), backlog]);
        const seconds = Math.round(oldestSeconds);
        const found = `${waiting} wait, the oldest due for ${seconds} s; ${dead} were given up`;
        const mend = 'Start the worker, or look into its log: mail goes out through it alone.';
        if (seconds > WAITING.fault) return fault(found, mend);
        if (seconds > WAITING.warning) return warning(found, mend);
        return workerConnections > 0 ? ok(found) : warning(`No worker is seen on the database; ${found}`, mend);
      },
    },
  } as const satisfies Partial<Record<HealthCheckName, Check>>;
}

/** Whether a file system has room: what a process without privileges may use, of all there is. One that does not know its size has. */
export function roomFinding({ bavail, blocks, bsize }: Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>): Finding {
  const share = blocks === 0 ? 1 : bavail / blocks;
  const found = `${((bavail * bsize) / GIBIBYTE).toFixed(1)} GiB free, ${Math.floor(share * 100)} % of the disk`;
  const mend = 'Make room on the disk of BLOB_URL, or move it to a larger one: a full one takes no mail.';
  return share < FREE.fault ? fault(found, mend) : share < FREE.warning ? warning(found, mend) : ok(found);
}

/**
 * Waits for all that an api starts on.
 * @throws {Error} naming everything that is not there, in the doctor's words.
 */
export async function requireFoundations(opening: Readonly<Record<keyof typeof mends, Promise<unknown>>>): Promise<void> {
  const names = ['database', 'keyProvider', 'blobStorage'] as const;
  const settled = await Promise.allSettled(names.map((name) => opening[name]));
  const faults = names.flatMap((name, index) => {
    const outcome = settled[index];
    return outcome?.status === 'rejected' ? [`  ${name}: ${wordsOf(outcome.reason)}\n    ${mends[name]}`] : [];
  });
  if (faults.length > 0) throw new Error(`The api cannot start:\n${faults.join('\n')}`);
}
