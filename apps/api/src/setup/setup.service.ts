import { Inject, Injectable } from '@nestjs/common';
import type { BodyOf } from '@signet/api-contract/route';
import type { setupRoutes, SetUp } from '@signet/api-contract/setup';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, newId } from '@signet/db/database';
import { putMemberLink } from '@signet/db/member-link';
import { addOrganization, findOrganizationByDomain, findOrganizationIdentity } from '@signet/db/organization';
import { addInvitedMember, findInvitedAdmin } from '@signet/db/organization-member';
import { findSetupToken, useSetupToken } from '@signet/db/setup-token';
import { memberLifetimes } from '@signet/domain/member-authentication';
import { Vault } from '@signet/vault/vault';
import type { Visitor } from '../authentication/caller.ts';
import { hasHash, hashOfSecret, newToken } from '../authentication/secret.ts';
import { limitTries, networkOfVisitor } from '../authentication/try-limit.ts';
import type { Settings } from '../env.ts';
import { invalid, ProblemError } from '../http/problem-error.ts';
import { newOrganization } from '../organization/new-organization.ts';
import { SETTINGS } from '../settings.ts';

/** Makes the first organization, or lets its admin in once more where their link was lost, for whoever has the token that the api printed. No admin has a password that somebody else has seen. */
@Injectable()
export class SetupService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async setUp(visitor: Visitor, { token, organizationName, domain, adminEmail }: BodyOf<typeof setupRoutes.setUp>): Promise<SetUp> {
    await limitTries(this.database.system, 'setup:network', networkOfVisitor(visitor));
    const good = await findSetupToken(this.database.system);
    if (!good || !hasHash(token, good)) throw refused();
    const email = adminEmail.toLowerCase();
    if (!email.endsWith(`@${domain}`)) throw invalid([{ pointer: '/adminEmail', detail: `must be of the mail domain ${domain}` }]);

    const found = await findOrganizationByDomain(this.database.system, domain);
    const organizationId = found ?? newId();
    // Made before the transaction that stores it: the key provider may be another machine.
    const key = found === null ? await this.vault.createOrganizationKey(organizationId) : null;
    const invitation = newToken();
    const invitationExpiresAt = await this.database.forOrganization(organizationId).administer(async (tx) => {
      if (!(await useSetupToken(tx, good))) throw refused();
      // Whoever has the token acts: who that is nobody knows.
      const by = { ...visitor, actor: { kind: 'unknown', id: null, address: null } } as const;
      if (key) await addOrganization(tx, { ...newOrganization({ name: organizationName, domain }), key }, by);
      const memberId = (await addInvitedMember(tx, { email, role: 'admin' })) ?? (await findInvitedAdmin(tx, email));
      if (memberId === null) throw invalid([{ pointer: '/adminEmail', detail: 'is a member already, and no admin: name another address' }]);
      const target = { kind: 'member', id: memberId };
      await appendAdminRecord(tx, { ...by, action: 'MemberInvite', target, after: { email, role: 'admin' } });
      const link = { id: newId(), memberId, purpose: 'invitation', seconds: memberLifetimes.invitation } as const;
      return putMemberLink(tx, { ...link, tokenHash: hashOfSecret(invitation) });
    });
    const identity = await findOrganizationIdentity(this.database.system, organizationId);
    return {
      organizationId,
      organizationName: identity?.name ?? organizationName,
      domain,
      adminEmail: email,
      invitationUrl: `${this.settings.PUBLIC_URL.replace(/\/+$/, '')}/admin/invitation/${invitation}`,
      invitationExpiresAt: invitationExpiresAt.toISOString(),
    };
  }
}

/** The same whatever is wrong: a token tells nothing of itself. */
function refused(): ProblemError {
  return new ProblemError('setup_refused', {
    detail:
      'The token is wrong or used, a later start of the api has replaced it, or somebody can sign in already. While nobody can, the api prints a new one at each start.',
  });
}
