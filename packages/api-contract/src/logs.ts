import { instant } from '@signet/domain/audit/entry';
import { logStreams } from '@signet/domain/log/checkpoint';
import { z } from 'zod';
import { defineRoute } from './route.ts';

const tags = ['Logs'] as const;
const params = z.strictObject({ organizationId: z.uuid().toLowerCase() });
const tileParams = params.extend({
  tile: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: '`<L>/<N>` or `<L>/<N>.p/<W>`, with N in groups of three digits: `0/x001/x234/067`.', example: '0/000.p/7' }),
});
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const logIndex = z.int().nonnegative();

const log = z
  .strictObject({
    organizationId: z.uuid(),
    stream: z.enum(logStreams).meta({ description: '`audit`: audit entries. `admin`: admin records.' }),
    origin: z
      .string()
      .meta({ description: 'The log’s name, which its checkpoints and keys bear. It stays, whatever the address becomes.' }),
    state: z.enum(['sealed', 'pending', 'refused']).meta({
      description:
        '`sealed`: all that is recorded is signed. `pending`: some of it will be within seconds. `refused`: nothing is signed; `refusal` says why.',
    }),
    entries: logIndex.meta({ description: 'Entries recorded.' }),
    size: logIndex.meta({ description: 'Entries of the last checkpoint that is published; 0 before the first one.' }),
    checkpointAt: instant.nullable(),
    refusal: z.string().nullable(),
    check: z
      .strictObject({
        at: instant,
        size: logIndex.meta({ description: 'Entries that were compared with the log.' }),
        difference: z.string().nullable().meta({ description: 'What differed; null where nothing did.' }),
        index: logIndex.nullable().meta({ description: 'The first index that differed.' }),
      })
      .nullable()
      .meta({ description: 'What the last comparison of everything that is stored with the log found; null before the first one.' }),
    keys: z
      .array(
        z.strictObject({
          verifierKey: z.string().meta({ description: 'What verifies the log’s checkpoints (C2SP signed-note).' }),
          createdAt: instant,
          signsUntil: instant.nullable().meta({ description: 'Null for the current key; others sign, or signed, beside it until then.' }),
        }),
      )
      .meta({ description: 'Every key that ever signed, the newest first.' }),
  })
  .meta({ id: 'Log' });
export type Log = z.infer<typeof log>;

const logList = z.strictObject({ items: z.array(log) });

const checkpoint = {
  method: 'GET',
  tags,
  params,
  responses: { 200: 'stream' },
  problems: ['not_found'],
} as const;
const tile = { ...checkpoint, params: tileParams, spansSegments: 'tile' } as const;
const tileText =
  'Hashes of the log’s tree, 32 bytes each, one behind the other (C2SP tlog-tiles). A tile is to be had once a published checkpoint covers it, and never changes.';
const checkpointText =
  'A signed note as C2SP tlog-checkpoint has it: the log’s name, its size, its Merkle root, and the signatures of its keys.';

/** The proof of one record, as the API gives it and as a file has it. */
export const recordProof = z
  .strictObject({
    logIndex,
    record: z.string().meta({ description: 'The record’s RFC 8785 text without `logIndex`, as it was hashed.' }),
    salt: hex(32),
    hash: hex(32).meta({ description: 'The log entry.' }),
    proof: z.array(hex(32)).meta({ description: 'The hashes beside the way to the root, the lowest first.' }),
    checkpoint: z.string().meta({ description: 'The checkpoint in which the record is proved.' }),
  })
  .meta({ id: 'RecordProof' });
export type RecordProof = z.infer<typeof recordProof>;

const proof = {
  params: z.strictObject({ id: z.guid().toLowerCase() }),
  responses: { 200: recordProof },
  problems: ['not_found', 'checkpoint_pending'],
} as const;
const proofText =
  'HMAC-SHA-256 of `record` under `salt` is `hash`; SHA-256 of a zero byte and `hash` is the leaf, which `proof` leads to the root in `checkpoint` (RFC 6962, 2.1.1).';

export const logRoutes = {
  listLogs: defineRoute({
    method: 'GET',
    path: '/v1/logs',
    summary: 'List the organization’s logs with how far they are signed, and what verifies them',
    description: 'The log of admin records is listed for who may read those.',
    tags,
    security: { apiKey: ['audit:read'] },
    responses: { 200: logList },
    problems: [],
  }),
  rotateLogKey: defineRoute({
    method: 'POST',
    path: '/v1/logs/key-rotation',
    summary: 'Give the organization’s logs a new key',
    description: 'The key before signs beside it for 30 days. Whoever verifies checkpoints takes the new verifier key from the answer.',
    tags,
    security: { apiKey: ['configuration:write', 'audit:read'] },
    recentAuthentication: true,
    responses: { 201: logList },
    problems: ['too_many'],
  }),
  getAuditCheckpoint: defineRoute({
    ...checkpoint,
    path: '/v1/logs/{organizationId}/audit/checkpoint',
    summary: 'Get the last published checkpoint of the audit entries’ log',
    description: checkpointText,
    security: { apiKey: ['audit:read'] },
  }),
  getAuditTile: defineRoute({
    ...tile,
    path: '/v1/logs/{organizationId}/audit/tile/{tile}',
    summary: 'Get a tile of the audit entries’ log',
    description: tileText,
    security: { apiKey: ['audit:read'] },
  }),
  getAdminCheckpoint: defineRoute({
    ...checkpoint,
    path: '/v1/logs/{organizationId}/admin/checkpoint',
    summary: 'Get the last published checkpoint of the admin records’ log',
    description: checkpointText,
    security: { apiKey: ['admin:read'] },
  }),
  getAdminTile: defineRoute({
    ...tile,
    path: '/v1/logs/{organizationId}/admin/tile/{tile}',
    summary: 'Get a tile of the admin records’ log',
    description: tileText,
    security: { apiKey: ['admin:read'] },
  }),
  proveAuditEntry: defineRoute({
    method: 'GET',
    path: '/v1/audit-entries/{id}/proof',
    summary: 'Prove that an audit entry is in the log',
    description: proofText,
    tags: ['Audit entries'],
    security: { apiKey: ['audit:read'] },
    ...proof,
    problems: [...proof.problems, 'entry_erased'],
  }),
  proveAdminRecord: defineRoute({
    method: 'GET',
    path: '/v1/admin-records/{id}/proof',
    summary: 'Prove that an admin record is in the log',
    description: proofText,
    tags: ['Admin records'],
    security: { apiKey: ['admin:read'] },
    ...proof,
  }),
} as const;
