import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { smtpCredentialRoutes, type SmtpCredential } from '@signet/api-contract/smtp-credentials';
import { appendAdminRecord } from '@signet/db/admin-record';
import { clock, Database } from '@signet/db/database';
import { createSmtpCredential, listSmtpCredentials, revokeSmtpCredential, type StoredSmtpCredential } from '@signet/db/smtp-credential';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret, newSmtpUsername, newToken } from '../authentication/secret.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';

const { listSmtpCredentials: list, createSmtpCredential: create, revokeSmtpCredential: revoke } = smtpCredentialRoutes;

@Controller()
export class SmtpCredentialController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const credentials = await listSmtpCredentials(this.database.forOrganization(caller.organizationId));
    return { items: credentials.map(view) };
  }

  @Endpoint(create)
  async create(
    @ByAdministrator() caller: Administrator,
    @Input(create) { body }: InputOf<typeof create>,
  ): Promise<AnswerOf<typeof create>> {
    const password = newToken();
    const credential = await this.database.forOrganization(caller.organizationId).administer(async (tx) => {
      const wanted = { name: body.name, username: newSmtpUsername(), secretHash: hashOfSecret(password), createdBy: doerOf(caller) };
      const created = await createSmtpCredential(tx, wanted);
      const act = { action: 'SmtpCredentialCreate', target: { kind: 'smtp-credential', id: created.id } } as const;
      await appendAdminRecord(tx, { ...actBy(caller), ...act, after: { name: created.name, username: created.username } });
      return created;
    });
    return { ...view(credential), password };
  }

  @Endpoint(revoke)
  async revoke(@ByAdministrator() caller: Administrator, @Input(revoke) { params }: InputOf<typeof revoke>): Promise<void> {
    const found = await this.database.forOrganization(caller.organizationId).administer(async (tx) => {
      const at = await clock(tx);
      const credential = await revokeSmtpCredential(tx, params.id, at);
      if (credential?.changed) {
        const act = { action: 'SmtpCredentialRevoke', target: { kind: 'smtp-credential', id: params.id } } as const;
        await appendAdminRecord(tx, { ...actBy(caller), ...act, before: { username: credential.username }, at });
      }
      return credential !== null;
    });
    if (!found) throw notFound();
  }
}

function view({ createdAt, lastUsedAt, revokedAt, name, ...credential }: StoredSmtpCredential): SmtpCredential {
  return {
    ...credential,
    name: name === '' ? credential.username : name,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
