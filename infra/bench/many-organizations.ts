import { createHash, randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { BenchSignet } from './bench-signet.ts';

/** An organization with a key that may do everything in it. */
export interface BenchOrganization {
  readonly id: string;
  readonly domain: string;
  readonly apiKey: string;
}

/** The demo's first one. */
export async function demoOrganization(signet: BenchSignet, database: Client): Promise<BenchOrganization> {
  const { apiKey, organizationDomain: domain } = signet.acme;
  const { rows } = await database.query<{ id: string }>('select organization_id as id from api_key where secret_hash = $1', [
    hashOf(apiKey),
  ]);
  const [found] = rows;
  if (found === undefined) throw new Error('The demo has no key.');
  return { id: found.id, domain, apiKey };
}

/**
 * Makes organizations as an operator does, by `POST /v1/setup`, each with a key of its own wrapped by the key provider, and copies the
 * demo's API key into them. What an installation offers once is offered for each of them: the passwords of the demo's admins are put aside
 * meanwhile, so that nobody can sign in.
 */
export async function makeOrganizations(signet: BenchSignet, database: Client, count: number): Promise<BenchOrganization[]> {
  const { rows: members } = await database.query<{ id: string; password: string }>(
    'update member set password_hash = null from member as before where member.id = before.id returning member.id, before.password_hash as password',
  );
  const made: BenchOrganization[] = [];
  for (let index = 0; index < count; index += 1) {
    const domain = `organization${index}.example`;
    made.push({ id: await setUp(signet, database, domain, index), domain, apiKey: `sk_${randomBytes(32).toString('base64url')}` });
  }
  await database.query(
    `update member set password_hash = known.password from unnest($1::uuid[], $2::text[]) as known(id, password) where member.id = known.id`,
    [members.map(({ id }) => id), members.map(({ password }) => password)],
  );
  await database.query(
    `insert into api_key select copy.* from (select api_key as row from api_key where secret_hash = $1) demo,
       unnest($2::uuid[], $3::bytea[]) as made(organization_id, secret_hash),
       jsonb_populate_record(demo.row, jsonb_build_object('organization_id', made.organization_id, 'id', uuidv7(), 'secret_hash', made.secret_hash)) copy`,
    [hashOf(signet.acme.apiKey), made.map(({ id }) => id), made.map(({ apiKey }) => hashOf(apiKey))],
  );
  return made;
}

async function setUp(signet: BenchSignet, database: Client, domain: string, index: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await database.query('insert into setup_token (token_hash) values ($1)', [hashOf(token)]);
  const answer = await fetch(`${signet.apiUrl}/v1/setup`, {
    method: 'POST',
    // From another network each time: tries are counted by it.
    headers: {
      'content-type': 'application/json',
      'x-signet-portal-secret': signet.portalSecret,
      'x-signet-visitor-ip': `10.${Math.floor(index / 250)}.${index % 250}.1`,
      'x-signet-visitor-agent': 'bench',
    },
    body: JSON.stringify({ token, organizationName: domain, domain, adminEmail: `admin@${domain}` }),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`Setting up answered ${answer.status}: ${text.slice(0, 500)}`);
  const { organizationId }: { organizationId: string } = JSON.parse(text);
  return organizationId;
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
