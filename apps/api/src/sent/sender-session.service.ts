import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { AnswerOf, BodyOf } from '@signet/api-contract/route';
import type { Sender, sentRoutes } from '@signet/api-contract/sent';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, newId } from '@signet/db/database';
import { findOrganizationByDomain } from '@signet/db/organization';
import { findActiveKey } from '@signet/db/organization-key';
import { countTry } from '@signet/db/rate-limit';
import { domainOf, requestSenderPasscode, trySenderPasscode } from '@signet/db/sender-passcode';
import { endSenderSession } from '@signet/db/sender-session';
import { networkOf } from '@signet/domain/network';
import { passcodeHmac } from '@signet/domain/passcode';
import { Vault } from '@signet/vault/vault';
import type { SenderCaller, Visitor } from '../authentication/caller.ts';
import { newPasscode, newPasscodeReference, typedPasscode } from '../authentication/passcode.ts';
import { actBy } from '../authentication/record-act.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import type { Settings } from '../env.ts';
import { ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';

/** Per network and ten minutes, for all addresses together. */
const WINDOW_SECONDS = 600;
const MAILS_PER_WINDOW = 100;
const TRIES_PER_WINDOW = 300;
/** Answered no sooner: what is done for an address of ours and for no other (a mail, a record) must not show in the time it takes. */
const ANSWER_MILLISECONDS = 250;

/** Signs senders in by a one-time passcode to their own address. Nothing that it answers tells whose domain an address is of. */
@Injectable()
export class SenderSessionService {
  readonly #passcodeKey: Buffer;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.#passcodeKey = settings.PASSCODE_KEY;
  }

  /** Books a passcode and, for an address of ours, its mail. @param knownBrowser the token of a browser that has asked before. */
  async request(
    { email }: BodyOf<typeof sentRoutes.requestSenderPasscode>,
    knownBrowser: string | undefined,
    visitor: Visitor,
  ): Promise<AnswerOf<typeof sentRoutes.requestSenderPasscode>> {
    const answerAt = performance.now() + ANSWER_MILLISECONDS;
    const network = await this.#limit('sender-mail', MAILS_PER_WINDOW, visitor);
    const addressKey = email.toLowerCase();
    const browser = knownBrowser ?? newToken();
    const id = newId();
    const code = newPasscode();
    const reference = newPasscodeReference();
    const result = await requestSenderPasscode(this.database, {
      id,
      addressKey,
      network,
      browserHash: hashOfSecret(browser),
      codeHmac: passcodeHmac(this.#passcodeKey, id, code),
      reference,
      mail: await this.#mailOf(addressKey, id, code),
    });
    await until(answerAt);
    if (result.outcome === 'wait') throw new ProblemError('too_many_requests', { retryAfterSeconds: result.retryAfterSeconds });
    const { expiresAt, retryAfterSeconds } = result;
    return { reference, expiresAt: expiresAt.toISOString(), retryAfterSeconds, browser };
  }

  /** Tries a passcode. @returns the token of a new session, which is nowhere stored as it is. */
  async signIn(
    { email, passcode }: BodyOf<typeof sentRoutes.signInSender>,
    browser: string | undefined,
    visitor: Visitor,
  ): Promise<AnswerOf<typeof sentRoutes.signInSender>> {
    const answerAt = performance.now() + ANSWER_MILLISECONDS;
    await this.#limit('sender-try', TRIES_PER_WINDOW, visitor);
    const addressKey = email.toLowerCase();
    const code = typedPasscode(passcode);
    const token = newToken();
    const attempt = {
      // A browser that holds no token has asked for nothing.
      browserHash: hashOfSecret(browser ?? randomBytes(32).toString('base64url')),
      hmacOf: (requestId: string) => passcodeHmac(this.#passcodeKey, requestId, code),
      sessionTokenHash: hashOfSecret(token),
    };
    const result = await trySenderPasscode(this.database, addressKey, attempt, visitor);
    await until(answerAt);
    switch (result.outcome) {
      case 'signed-in':
        return {
          token,
          expiresAt: result.expiresAt.toISOString(),
          sender: { address: addressKey, organizationName: result.organizationName },
        };
      case 'wrong':
        throw new ProblemError('passcode_wrong', { triesLeft: result.triesLeft });
      case 'void':
        // Whether somebody else has asked for a passcode of this address is not for a stranger to know: who has none is told the same.
        throw new ProblemError(result.reason === 'NotRequested' ? 'passcode_other_browser' : 'passcode_void');
      case 'other-browser':
        throw new ProblemError('passcode_other_browser');
      default:
        return result satisfies never;
    }
  }

  async signOut(caller: SenderCaller): Promise<void> {
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      await endSenderSession(tx, caller.sessionId);
      await appendAdminRecord(tx, { ...actBy(caller), action: 'SenderSignOut', target: { kind: 'sender', id: caller.address } });
    });
  }

  /** What the mail of a passcode is made from, null where no organization sends for the address. */
  async #mailOf(addressKey: string, id: string, code: string) {
    const organizationId = await findOrganizationByDomain(this.database.system, domainOf(addressKey));
    if (organizationId === null) return null;
    const key = await findActiveKey(this.database.forOrganization(organizationId));
    const sealed = await this.vault.sealSecret(key, { organizationId, purpose: 'passcode', id }, Buffer.from(code));
    return { organizationId, sealedCode: Buffer.from(sealed).toString('base64') };
  }

  /** @returns the visitor's network, as tries are counted. */
  async #limit(what: string, limit: number, { clientIp }: Visitor): Promise<string> {
    const network = clientIp === null ? 'unknown' : networkOf(clientIp);
    const decision = await countTry(this.database.system, `${what}:${network}`, limit, WINDOW_SECONDS);
    if (!decision.allowed) throw new ProblemError('too_many_requests', { retryAfterSeconds: decision.retryAfterSeconds });
    return network;
  }
}

async function until(moment: number): Promise<void> {
  await setTimeout(Math.max(0, moment - performance.now()));
}

/** A sender as the portal shows them. */
export function senderView({ address, organizationName }: Sender): Sender {
  return { address, organizationName };
}
