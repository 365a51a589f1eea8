import { Controller } from '@nestjs/common';
import { apiKeyRoutes, type ApiKey } from '@signet/api-contract/api-keys';
import type { AnswerOf } from '@signet/api-contract/route';
import { appendAdminRecord } from '@signet/db/admin-record';
import { createApiKey, KeyNameTakenError, listApiKeys, revokeApiKey, type StoredApiKey } from '@signet/db/api-key';
import { clock, Database } from '@signet/db/database';
import { isReservedSource } from '@signet/domain/audit/source-name';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret, hintOf, newApiKeySecret } from '../authentication/secret.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';

const { listApiKeys: list, createApiKey: create, revokeApiKey: revoke } = apiKeyRoutes;

@Controller()
export class ApiKeyController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const keys = await listApiKeys(this.database.forOrganization(caller.organizationId));
    return { items: keys.map(view) };
  }

  @Endpoint(create)
  async create(
    @ByAdministrator() caller: Administrator,
    @Input(create) { body }: InputOf<typeof create>,
  ): Promise<AnswerOf<typeof create>> {
    if (isReservedSource(body.name))
      throw invalid([{ pointer: '/name', detail: 'is the source of entries that no key can make: choose another name' }]);
    const scope = this.database.forOrganization(caller.organizationId);
    const scopes = [...new Set(body.scopes)];
    const lacking = scopes.filter((wanted) => !caller.permissions.has(wanted));
    const target = { kind: 'api-key', id: null };
    if (lacking.length > 0) {
      const refused = {
        action: 'ApiKeyCreate',
        target,
        status: 'Failure',
        reason: 'forbidden',
        after: { name: body.name, scopes },
      } as const;
      await scope.transaction((tx) => appendAdminRecord(tx, { ...actBy(caller), ...refused }));
      throw new ProblemError('forbidden', { detail: `These scopes are not yours to give: ${lacking.join(', ')}` });
    }
    const secret = newApiKeySecret();
    const making = scope.administer(async (tx) => {
      const created = await createApiKey(tx, {
        name: body.name,
        hint: hintOf(secret),
        secretHash: hashOfSecret(secret),
        scopes,
        createdBy: doerOf(caller),
      });
      const after = { name: created.name, scopes: created.scopes };
      await appendAdminRecord(tx, { ...actBy(caller), action: 'ApiKeyCreate', target: { kind: 'api-key', id: created.id }, after });
      return created;
    });
    const key = await making.catch((error: unknown) => {
      throw error instanceof KeyNameTakenError ? nameTaken(error.by) : error;
    });
    return { ...view(key), secret };
  }

  @Endpoint(revoke)
  async revoke(@ByAdministrator() caller: Administrator, @Input(revoke) { params }: InputOf<typeof revoke>): Promise<void> {
    const found = await this.database.forOrganization(caller.organizationId).administer(async (tx) => {
      const at = await clock(tx);
      const key = await revokeApiKey(tx, params.id, at);
      if (key?.changed) {
        const target = { kind: 'api-key', id: params.id };
        await appendAdminRecord(tx, { ...actBy(caller), action: 'ApiKeyRevoke', target, before: { name: key.name }, at });
      }
      return key !== null;
    });
    if (!found) throw notFound();
  }
}

function nameTaken({ name, hint, revokedAt }: StoredApiKey): ProblemError {
  const key = `the API key “${name}” (${hint}${revokedAt ? ', revoked' : ''})`;
  const detail = `is taken by ${key}: entries would not say which of the two stated them, so choose another name`;
  return new ProblemError('name_taken', { errors: [{ pointer: '/name', detail }] });
}

function view({ createdAt, lastUsedAt, revokedAt, ...key }: StoredApiKey): ApiKey {
  return {
    ...key,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
