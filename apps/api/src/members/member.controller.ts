import { Controller } from '@nestjs/common';
import { memberRoutes, type OrganizationMember } from '@signet/api-contract/members';
import type { AnswerOf } from '@signet/api-contract/route';
import { Database } from '@signet/db/database';
import { listMembers, type OrganizationMember as StoredMember } from '@signet/db/organization-member';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { MemberService } from './member.service.ts';

const { listMembers: list, inviteMember: invite, resendInvitation: inviteAgain, changeMember: change } = memberRoutes;
const { removeMember: remove, sendPasswordReset, resetSecondFactors } = memberRoutes;

@Controller()
export class MemberController {
  constructor(
    private readonly database: Database,
    private readonly members: MemberService,
  ) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const scope = this.database.forOrganization(caller.organizationId);
    return { items: (await listMembers(scope, caller.organizationId)).map(view) };
  }

  @Endpoint(invite)
  async invite(@ByAdministrator() caller: Administrator, @Input(invite) { body }: InputOf<typeof invite>): Promise<OrganizationMember> {
    return view(await this.members.invite(caller, body));
  }

  @Endpoint(inviteAgain)
  async inviteAgain(
    @ByAdministrator() caller: Administrator,
    @Input(inviteAgain) { params }: InputOf<typeof inviteAgain>,
  ): Promise<OrganizationMember> {
    return view(await this.members.inviteAgain(caller, params.id));
  }

  @Endpoint(change)
  async change(
    @ByAdministrator() caller: Administrator,
    @Input(change) { params, body }: InputOf<typeof change>,
  ): Promise<OrganizationMember> {
    return view(await this.members.change(caller, params.id, body));
  }

  @Endpoint(remove)
  remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    return this.members.remove(caller, params.id);
  }

  @Endpoint(sendPasswordReset)
  sendPasswordReset(
    @ByAdministrator() caller: Administrator,
    @Input(sendPasswordReset) { params }: InputOf<typeof sendPasswordReset>,
  ): Promise<void> {
    return this.members.sendPasswordReset(caller, params.id);
  }

  @Endpoint(resetSecondFactors)
  resetSecondFactors(
    @ByAdministrator() caller: Administrator,
    @Input(resetSecondFactors) { params }: InputOf<typeof resetSecondFactors>,
  ): Promise<void> {
    return this.members.resetSecondFactors(caller, params.id);
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
