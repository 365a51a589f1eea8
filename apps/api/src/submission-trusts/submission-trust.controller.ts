import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { submissionTrustRoutes, type SubmissionTrust } from '@signet/api-contract/submission-trusts';
import { appendAdminRecord } from '@signet/db/admin-record';
import { clock, Database } from '@signet/db/database';
import {
  createSubmissionTrust,
  listSubmissionTrusts,
  revokeSubmissionTrust,
  type StoredSubmissionTrust,
} from '@signet/db/submission-trust';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret } from '../authentication/secret.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { trustedValue } from './trusted-value.ts';

const { listSubmissionTrusts: list, createSubmissionTrust: create, revokeSubmissionTrust: revoke } = submissionTrustRoutes;

@Controller()
export class SubmissionTrustController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const trusts = await listSubmissionTrusts(this.database.forOrganization(caller.organizationId));
    return { items: trusts.map(view) };
  }

  @Endpoint(create)
  async create(
    @ByAdministrator() caller: Administrator,
    @Input(create) { body }: InputOf<typeof create>,
  ): Promise<AnswerOf<typeof create>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const { name, kind, requiredHeader } = body;
    const wanted = {
      name,
      kind,
      value: await trustedValue(scope, body),
      requiredHeader: requiredHeader ? { name: requiredHeader.name.toLowerCase(), valueHash: hashOfSecret(requiredHeader.value) } : null,
      createdBy: doerOf(caller),
    };
    const trust = await scope.administer(async (tx) => {
      const created = await createSubmissionTrust(tx, wanted);
      if (!created) throw new ProblemError('trust_exists');
      const target = { kind: 'submission-trust', id: created.id };
      await appendAdminRecord(tx, { ...actBy(caller), action: 'SubmissionTrustCreate', target, after: recorded(created) });
      return created;
    });
    return view(trust);
  }

  @Endpoint(revoke)
  async revoke(@ByAdministrator() caller: Administrator, @Input(revoke) { params }: InputOf<typeof revoke>): Promise<void> {
    const found = await this.database.forOrganization(caller.organizationId).administer(async (tx) => {
      const at = await clock(tx);
      const trust = await revokeSubmissionTrust(tx, params.id, at);
      if (trust?.changed) {
        const target = { kind: 'submission-trust', id: params.id };
        await appendAdminRecord(tx, { ...actBy(caller), action: 'SubmissionTrustRevoke', target, before: recorded(trust), at });
      }
      return trust !== null;
    });
    if (!found) throw notFound();
  }
}

/** What a record says of a trust: all but the value of the field that it asks for. */
function recorded({ name, kind, value, requiredHeader }: StoredSubmissionTrust) {
  return { name, kind, value, requiredHeader };
}

function view({ createdAt, lastUsedAt, revokedAt, ...trust }: StoredSubmissionTrust): SubmissionTrust {
  return {
    ...trust,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
