import { Injectable } from '@nestjs/common';
import { Database, newId } from '@signet/db/database';
import { findTotp, putPendingTotp, type StoredTotp } from '@signet/db/member-totp';
import { findActiveKey } from '@signet/db/organization-key';
import { memberLifetimes } from '@signet/domain/member-authentication';
import { Vault } from '@signet/vault/vault';
import { generateSecret, generateURI, verify } from 'otplib';
import type { MemberCaller } from '../authentication/caller.ts';

/** Codes of the step before and the one after count too: clocks differ, and people type. */
const TOLERANCE_SECONDS = 30;

/** A code that is right for a secret. It counts once its step is booked, in the transaction that it is for. */
export interface RightCode {
  readonly totpId: string;
  readonly step: number;
}

/** Codes of authenticator apps (RFC 6238). The secrets are sealed in the database, and opened here alone. */
@Injectable()
export class AuthenticatorAppService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Makes a secret that means nothing until a code of it has come back. */
  async begin(caller: MemberCaller): Promise<{ secret: string; uri: string; expiresAt: Date }> {
    const scope = this.database.forOrganization(caller.organizationId);
    const id = newId();
    const secret = generateSecret();
    const organizationKey = await findActiveKey(scope);
    const sealedSecret = await this.vault.sealSecret(organizationKey, contextOf(caller.organizationId, id), Buffer.from(secret));
    const pending = { id, memberId: caller.id, organizationKeyId: organizationKey.keyId, sealedSecret, seconds: memberLifetimes.challenge };
    const expiresAt = await scope.transaction((tx) => putPendingTotp(tx, pending));
    const uri = generateURI({ issuer: `Signet (${caller.organizationName})`, label: caller.email, secret });
    return { secret, uri, expiresAt };
  }

  /** The code's step, where it is right for the member's app; null where it is not. `none`: there is no such app. */
  async check(
    { organizationId, memberId }: { organizationId: string; memberId: string },
    state: 'pending' | 'confirmed',
    code: string,
  ): Promise<RightCode | 'none' | null> {
    const totp = await findTotp(this.database.forOrganization(organizationId), organizationId, memberId, state);
    if (!totp) return 'none';
    const result = await verify({ secret: await this.#secretOf(organizationId, totp), token: code, epochTolerance: TOLERANCE_SECONDS });
    return result.valid && 'timeStep' in result ? { totpId: totp.id, step: result.timeStep } : null;
  }

  async #secretOf(organizationId: string, { id, sealedSecret, organizationKey }: StoredTotp): Promise<string> {
    return Buffer.from(await this.vault.openSecret(organizationKey, contextOf(organizationId, id), sealedSecret)).toString('utf8');
  }
}

function contextOf(organizationId: string, id: string) {
  return { organizationId, purpose: 'authenticator-app', id } as const;
}
