import { Injectable } from '@nestjs/common';
import type { Passkey } from '@signet/api-contract/account';
import type { PasskeyRegistration } from '@signet/api-contract/passkeys';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { Database, type OrganizationTransaction } from '@signet/db/database';
import { findMember, holdMember, setPassword } from '@signet/db/member';
import { addMemberMail } from '@signet/db/member-mail';
import { addPasskey, listPasskeys, removePasskey, renamePasskey, type ListedPasskey } from '@signet/db/member-passkey';
import { removeRecoveryCodes, replaceRecoveryCodes } from '@signet/db/member-recovery-code';
import { endMemberSessions, renewMemberSession } from '@signet/db/member-session';
import { confirmTotp, findTotp, removeTotp } from '@signet/db/member-totp';
import { forgetTries } from '@signet/db/rate-limit';
import { endSignInSteps } from '@signet/db/sign-in-step';
import type { AuthenticationFactor } from '@signet/domain/member-authentication';
import type { MemberMail } from '@signet/domain/member-mail';
import type { MemberCaller } from '../authentication/caller.ts';
import { hashNewPassword } from '../authentication/new-password.ts';
import { isPassword } from '../authentication/password.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfRecoveryCode, newRecoveryCodes } from '../authentication/recovery-codes.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { limitTries, tryBucket } from '../authentication/try-limit.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { AuthenticatorAppService } from './authenticator-app.service.ts';
import { PasskeyService } from './passkey.service.ts';

/** The session's new token: the one before it means nothing any more. */
interface RenewedSession {
  readonly token: string;
  readonly expiresAt: string;
}

/**
 * How members change the ways in which they sign in. Each change ends their other sessions and half-done sign-ins, is on record, and is
 * told to them by mail; the change, its record and its mail commit together.
 */
@Injectable()
export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly authenticatorApps: AuthenticatorAppService,
    private readonly passkeys: PasskeyService,
  ) {}

  async changePassword(caller: MemberCaller, { currentPassword, newPassword }: { currentPassword: string; newPassword: string }) {
    const { system } = this.database;
    await limitTries(system, 'reauthentication:member', caller.id);
    const member = await findMember(this.database.forOrganization(caller.organizationId), caller.organizationId, caller.id);
    if (!(await isPassword(currentPassword, member?.passwordHash ?? null))) {
      await this.#recordFailure(caller, 'MemberPasswordChange', 'wrong_password');
      throw invalid([{ pointer: '/currentPassword', detail: 'is not your password' }]);
    }
    // The tries stay counted: they protect the second factor too, of which nothing was proved here.
    const passwordHash = await hashNewPassword(newPassword, 'newPassword', caller);
    return this.#change(caller, { action: 'MemberPasswordChange' }, 'password-changed', async (tx) => {
      await setPassword(tx, caller.id, passwordHash);
      return renew(tx, caller, 'password');
    });
  }

  /** Takes the app into use whose secret was made last. Recovery codes come with the first second factor. */
  async confirmAuthenticatorApp(caller: MemberCaller, code: string) {
    const { system } = this.database;
    await limitTries(system, 'second-factor:member', caller.id);
    const right = await this.authenticatorApps.check({ ...caller, memberId: caller.id }, 'pending', code);
    if (right === 'none') throw new ProblemError('step_void');
    if (!right) throw invalid([{ pointer: '/code', detail: 'is not the code that the app shows now' }]);
    const confirmed = await this.#change(caller, { action: 'MemberTotpEnable' }, 'authenticator-app-added', async (tx) => {
      if (!(await confirmTotp(tx, caller.id, right.totpId, right.step))) throw new ProblemError('step_void');
      return { recoveryCodes: await firstRecoveryCodes(tx, caller), session: await renew(tx, caller, 'totp') };
    });
    await forgetTries(system, tryBucket('second-factor:member', caller.id));
    return confirmed;
  }

  async removeAuthenticatorApp(caller: MemberCaller): Promise<void> {
    await this.#change(caller, { action: 'MemberTotpRemove' }, 'authenticator-app-removed', async (tx) => {
      if (!(await removeTotp(tx, caller.id))) throw new ProblemError('second_factor_missing');
      await dropUselessRecoveryCodes(tx, caller.id);
    });
  }

  async addPasskey(caller: MemberCaller, { name, response }: { name: string; response: PasskeyRegistration }) {
    const made = await this.passkeys.checkRegistration(response, caller.sessionId);
    if (made === 'void') throw new ProblemError('step_void');
    const unfit = invalid([{ pointer: '/response', detail: 'is not a passkey made for this site by somebody whom the device verified' }]);
    if (!made) throw unfit;
    return this.#change(caller, { action: 'MemberPasskeyAdd', after: { name } }, 'passkey-added', async (tx) => {
      const stored = await addPasskey(tx, { ...made, memberId: caller.id, name });
      if (!stored) throw unfit;
      const recoveryCodes = await firstRecoveryCodes(tx, caller);
      return { passkey: passkeyView(stored), recoveryCodes, session: await renew(tx, caller, 'passkey') };
    });
  }

  /** Nobody signs in otherwise than before: sessions go on, and no mail goes out. */
  async renamePasskey(caller: MemberCaller, id: string, name: string): Promise<Passkey> {
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const renamed = await renamePasskey(tx, caller.id, id, name);
      if (renamed === null) throw notFound();
      const change = { before: { name: renamed.nameBefore }, after: { name } };
      await appendAdminRecord(tx, {
        ...actBy(caller),
        action: 'MemberPasskeyRename',
        target: { kind: 'member', id: caller.id },
        ...change,
      });
      return passkeyView(renamed);
    });
  }

  async removePasskey(caller: MemberCaller, id: string): Promise<void> {
    const passkeys = await listPasskeys(this.database.forOrganization(caller.organizationId), caller.organizationId, caller.id);
    const name = passkeys.find((passkey) => passkey.id === id)?.name ?? null;
    await this.#change(caller, { action: 'MemberPasskeyRemove', before: { name } }, 'passkey-removed', async (tx) => {
      if ((await removePasskey(tx, caller.id, id)) === null) throw notFound();
      await dropUselessRecoveryCodes(tx, caller.id);
    });
  }

  /** Makes recovery codes anew. Those before are void; sessions go on, for nobody signs in otherwise than before. */
  async createRecoveryCodes(caller: MemberCaller): Promise<string[]> {
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const member = await holdMember(tx, caller.id);
      if (!member?.totp && !member?.passkeys) throw new ProblemError('second_factor_missing');
      const codes = await putRecoveryCodes(tx, caller.id);
      await this.#tell(tx, caller, { action: 'MemberRecoveryCodesCreate' }, 'recovery-codes-created');
      return codes;
    });
  }

  #change<T>(
    caller: MemberCaller,
    act: Pick<AdminAct, 'action' | 'before' | 'after'>,
    mail: MemberMail,
    work: (tx: OrganizationTransaction) => Promise<T>,
  ): Promise<T> {
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      if (!(await holdMember(tx, caller.id))) throw new ProblemError('unauthenticated');
      const result = await work(tx);
      await endSignInSteps(tx, caller.id);
      await endMemberSessions(tx, caller.id, caller.sessionId);
      await this.#tell(tx, caller, act, mail);
      return result;
    });
  }

  async #tell(tx: OrganizationTransaction, caller: MemberCaller, act: Pick<AdminAct, 'action' | 'before' | 'after'>, mail: MemberMail) {
    await appendAdminRecord(tx, { ...actBy(caller), target: { kind: 'member', id: caller.id }, ...act });
    await addMemberMail(tx, { memberId: caller.id, mail, ...caller.visitor });
  }

  async #recordFailure(caller: MemberCaller, action: AdminAct['action'], reason: string): Promise<void> {
    const failed = { ...actBy(caller), action, target: { kind: 'member', id: caller.id }, status: 'Failure', reason } as const;
    await this.database.forOrganization(caller.organizationId).transaction((tx) => appendAdminRecord(tx, failed));
  }

  /** How the member signs in. */
  async read(caller: MemberCaller) {
    const scope = this.database.forOrganization(caller.organizationId);
    const [totp, passkeys] = await Promise.all([
      caller.totp ? findTotp(scope, caller.organizationId, caller.id, 'confirmed') : null,
      listPasskeys(scope, caller.organizationId, caller.id),
    ]);
    return { totp: totp && { confirmedAt: totp.createdAt.toISOString() }, passkeys: passkeys.map(passkeyView) };
  }
}

async function renew(tx: OrganizationTransaction, caller: MemberCaller, factor: AuthenticationFactor): Promise<RenewedSession> {
  const token = newToken();
  // What was proved here is one factor, and so less than a sign-in asks for.
  const renewal = { tokenHash: hashOfSecret(token), factors: [factor], isAuthentication: false };
  const expiresAt = await renewMemberSession(tx, caller.sessionId, renewal);
  if (!expiresAt) throw new ProblemError('unauthenticated');
  return { token, expiresAt: expiresAt.toISOString() };
}

async function putRecoveryCodes(tx: OrganizationTransaction, memberId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(tx, memberId, codes.map(hashOfRecoveryCode));
  return codes;
}

async function firstRecoveryCodes(tx: OrganizationTransaction, caller: MemberCaller): Promise<string[] | null> {
  return caller.totp || caller.passkeys > 0 ? null : putRecoveryCodes(tx, caller.id);
}

/** Recovery codes stand in for another factor: without one they are worth nothing. */
async function dropUselessRecoveryCodes(tx: OrganizationTransaction, memberId: string): Promise<void> {
  const member = await findMember(tx, tx.organizationId, memberId);
  if (!member?.totp && !member?.passkeys) await removeRecoveryCodes(tx, memberId);
}

function passkeyView({ id, name, createdAt, lastUsedAt, backedUp }: ListedPasskey): Passkey {
  return { id, name, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null, backedUp };
}
