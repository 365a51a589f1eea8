import { Controller } from '@nestjs/common';
import { memberRoutes, type OrganizationMember } from '@signet/api-contract/members';
import type { AnswerOf } from '@signet/api-contract/route';
import { Database } from '@signet/db/database';
import { listMembers, type OrganizationMember as StoredMember } from '@signet/db/organization-member';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';

const { listMembers: list } = memberRoutes;

@Controller()
export class MemberController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const scope = this.database.forOrganization(caller.organizationId);
    return { items: (await listMembers(scope, caller.organizationId)).map(view) };
  }
}

function view({ createdAt, lastSignInAt, invitationExpiresAt, totp, passkeys, id, email, role, state }: StoredMember): OrganizationMember {
  return {
    id,
    email,
    role,
    state,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    invitationExpiresAt: invitationExpiresAt?.toISOString() ?? null,
    secondFactors: { totp, passkeys },
  };
}
