import { Inject, Injectable } from '@nestjs/common';
import type { BodyOf } from '@signet/api-contract/route';
import type { setupRoutes, SetUp } from '@signet/api-contract/setup';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, newId } from '@signet/db/database';
import { putMemberLink } from '@signet/db/member-link';
import { addOrganization } from '@signet/db/organization';
import { addInvitedMember } from '@signet/db/organization-member';
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

/** Makes the first organization for whoever has the token that the api printed. No admin has a password that somebody else has seen. */
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

    const organizationId = newId();
    // Made before the transaction that stores it: the key provider may be another machine.
    const key = await this.vault.createOrganizationKey(organizationId);
    const invitation = newToken();
    const invitationExpiresAt = await this.database.forOrganization(organizationId).administer(async (tx) => {
      if (!(await useSetupToken(tx, good))) throw refused();
      // Whoever has the token acts: who that is nobody knows.
      const by = { ...visitor, actor: { kind: 'unknown', id: null, address: null } } as const;
      await addOrganization(tx, { ...newOrganization({ name: organizationName, domain }), key }, by);
      const memberId = await addInvitedMember(tx, { email, role: 'admin' });
      if (memberId === null) throw new Error('The first admin is a member of an organization already');
      const target = { kind: 'member', id: memberId };
      await appendAdminRecord(tx, { ...by, action: 'MemberInvite', target, after: { email, role: 'admin' } });
      const link = { id: newId(), memberId, purpose: 'invitation', seconds: memberLifetimes.invitation } as const;
      return putMemberLink(tx, { ...link, tokenHash: hashOfSecret(invitation) });
    });
    return {
      organizationId,
      organizationName,
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
      'The token is wrong or used, a later start of the api has replaced it, or there is an organization already. While there is none, the api prints a new one at each start.',
  });
}
