import { Injectable } from '@nestjs/common';
import { Database, newId, type OrganizationTransaction } from '@signet/db/database';
import { putMemberLink, type MemberLinkPurpose } from '@signet/db/member-link';
import { addMemberMail } from '@signet/db/member-mail';
import { findActiveKey } from '@signet/db/organization-key';
import { memberLifetimes } from '@signet/domain/member-authentication';
import { Vault } from '@signet/vault/vault';
import type { Visitor } from '../authentication/caller.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';

/** Stores a link and books its mail, in the transaction that decides it. */
export type PutLink = (tx: OrganizationTransaction, memberId: string, visitor: Visitor) => Promise<void>;

const lifetimes = {
  invitation: memberLifetimes.invitation,
  'password-reset': memberLifetimes.passwordReset,
} as const satisfies Record<MemberLinkPurpose, number>;

/** Links that are mailed to members. The token is in the mail alone: the database has its hash, and a sealed copy until it is sent. */
@Injectable()
export class MemberLinkService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Makes a link before the transaction that stores it: the vault may have to ask a key provider. */
  async prepare(organizationId: string, purpose: MemberLinkPurpose): Promise<PutLink> {
    const id = newId();
    const token = newToken();
    const organizationKey = await findActiveKey(this.database.forOrganization(organizationId));
    const sealed = await this.vault.sealSecret(organizationKey, { organizationId, purpose: 'member-link', id }, Buffer.from(token));
    const sealedToken = Buffer.from(sealed).toString('base64');
    return async (tx, memberId, visitor) => {
      await putMemberLink(tx, { id, memberId, purpose, tokenHash: hashOfSecret(token), seconds: lifetimes[purpose] });
      await addMemberMail(tx, { memberId, mail: purpose, link: { id, sealedToken }, ...visitor });
    };
  }
}
