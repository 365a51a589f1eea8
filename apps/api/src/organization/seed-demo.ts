import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findApiKey } from '@signet/db/api-key';
import { Database } from '@signet/db/database';
import { createMasterKeyFile } from '@signet/vault/local-key-provider';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { z } from 'zod';
import { hashOfSecret } from '../authentication/secret.ts';
import { readSettings, type Settings } from '../env.ts';
import { demoOrganizations, type DemoOrganization } from './demo-organizations.ts';
import { ensureOrganization, issueAccess, organizationAccess, type OrganizationAccess } from './seed-organization.ts';

/** What opens each organization of the demo. */
type SeedFile = Record<DemoOrganization, OrganizationAccess>;

const seedFile = z.strictObject({ acme: organizationAccess, globex: organizationAccess });

/**
 * Makes the demo's organizations where they are not there yet, and says what opens them. A second time it changes
 * nothing, as long as the seed file still opens what is there.
 * @throws outside of demo mode.
 */
export async function seedDemo(settings: Settings): Promise<SeedFile> {
  if (settings.SIGNET_MODE !== 'demo') throw new Error('The demo is seeded only with SIGNET_MODE=demo');
  await ensureMasterKey(settings.KEY_PROVIDER_URL);
  const database = new Database({ url: settings.DATABASE_URL, applicationName: 'signet-seed', maxConnections: 2 });
  try {
    await database.check();
    const vault = new Vault({
      blobStore: await openBlobStore(settings.BLOB_URL),
      keyProvider: await openKeyProvider(settings.KEY_PROVIDER_URL),
    });
    const before = settings.SEED_FILE === undefined ? undefined : await readSeedFile(settings.SEED_FILE);
    const seed = {
      acme: await accessTo({ database, vault }, 'acme', before),
      globex: await accessTo({ database, vault }, 'globex', before),
    };
    if (settings.SEED_FILE !== undefined) await writeSeedFile(settings.SEED_FILE, seed);
    return seed;
  } finally {
    await database.close();
  }
}

async function accessTo(
  parts: { database: Database; vault: Vault },
  name: DemoOrganization,
  before: SeedFile | undefined,
): Promise<OrganizationAccess> {
  const organization = demoOrganizations[name];
  const organizationId = await ensureOrganization(parts, organization);
  const known = before?.[name];
  const key = known && (await findApiKey(parts.database.system, hashOfSecret(known.apiKey)));
  if (known && key?.organizationId === organizationId) return known;
  return issueAccess(parts.database, organizationId, organization.domains[0]);
}

/** In the demo, and only there, a master key is made where there is none. */
async function ensureMasterKey(keyProviderUrl: string): Promise<void> {
  const url = new URL(keyProviderUrl);
  if (url.protocol !== 'file:') return;
  const path = fileURLToPath(url);
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await createMasterKeyFile(path);
}

async function readSeedFile(path: string): Promise<SeedFile | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return seedFile.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whole or not at all, and for its owner's eyes alone. */
async function writeSeedFile(path: string, seed: SeedFile): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  {
    await using file = await open(draft, 'w', 0o600);
    await file.chmod(0o600);
    await file.writeFile(`${JSON.stringify(seed, null, 2)}\n`);
    await file.sync();
  }
  await rename(draft, path);
}

if (import.meta.main) {
  try {
    const settings = readSettings();
    const seed = await seedDemo(settings);
    if (settings.SEED_FILE === undefined) process.stdout.write(`${JSON.stringify(seed)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
