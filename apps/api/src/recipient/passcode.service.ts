import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, newId } from '@signet/db/database';
import type { Link } from '@signet/db/link';
import { countTouch, notePress } from '@signet/db/link-touch';
import { findActiveKey } from '@signet/db/organization-key';
import { requestPasscode, tryPasscode } from '@signet/db/passcode';
import { countTry } from '@signet/db/rate-limit';
import { agentKind, type Press } from '@signet/domain/audit/touch-signals';
import { judgePress } from '@signet/domain/audit/touch-verdict';
import { networkOf, siteOf } from '@signet/domain/network';
import { passcodeHmac, passcodeNetworkHmac } from '@signet/domain/passcode';
import type { RecipientLanguage } from '@signet/domain/recipient-language';
import { Vault } from '@signet/vault/vault';
import type { Visitor } from '../authentication/caller.ts';
import { newPasscode, newPasscodeReference, typedPasscode } from '../authentication/passcode.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import type { Settings } from '../env.ts';
import { ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';
import { RecipientReaderService } from './recipient-reader.service.ts';
import { refused } from './refusal.ts';

/** Per network and ten minutes, for all links together: an office behind one address never gets there, a guesser does. */
const WINDOW_SECONDS = 600;
const MAILS_PER_WINDOW = 300;
const TRIES_PER_WINDOW = 1_000;

/** Signs recipients in by a one-time passcode. */
@Injectable()
export class PasscodeService {
  readonly #passcodeKey: Buffer;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly readers: RecipientReaderService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.#passcodeKey = settings.PASSCODE_KEY;
  }

  /**
   * Books a passcode and its mail in a language. What a program asks for is counted apart, here and for the recipient: it gets its mails, since
   * a person may have been taken for one, and takes none of those that people ask for.
   * @param asking `browser`: the token of one that has asked before; it stays the same browser. `press`: how the button was pressed, as far as
   *   the page saw it.
   */
  async request(
    token: string,
    asking: { browser: string | undefined; language: RecipientLanguage; press: Press | null },
    visitor: Visitor,
  ) {
    const link = await this.readers.findLink(token, undefined);
    requireMethod(link);
    const scope = this.readers.scopeOf(link);
    const signals = {
      Agent: agentKind(visitor.userAgent),
      Press: asking.press,
      PressedAfter: await notePress(scope, link.recipientId, visitor, asking.press),
    };
    const judged = judgePress({ agent: signals.Agent, press: signals.Press, pressedAfter: signals.PressedAfter });
    const byProgram = judged.verdict === 'scanner';
    await this.#limit(byProgram ? 'passcode-mail-program' : 'passcode-mail', MAILS_PER_WINDOW, visitor);
    const browser = asking.browser ?? newToken();
    const id = newId();
    const code = newPasscode();
    const organizationKey = await findActiveKey(scope);
    const context = { organizationId: link.organizationId, purpose: 'passcode', id } as const;
    const sealed = await this.vault.sealSecret(organizationKey, context, Buffer.from(code));
    const passcode = {
      id,
      browserHash: hashOfSecret(browser),
      codeHmac: passcodeHmac(this.#passcodeKey, id, code),
      sealedCode: Buffer.from(sealed).toString('base64'),
      reference: newPasscodeReference(),
      language: asking.language,
      networkHmac: visitor.clientIp === null ? null : passcodeNetworkHmac(this.#passcodeKey, link.recipientId, siteOf(visitor.clientIp)),
      asked: { byProgram, signals },
    };
    const result = await requestPasscode(scope, link, passcode, visitor);
    if (result.outcome === 'wait') throw new ProblemError('too_many_requests', { retryAfterSeconds: result.retryAfterSeconds });
    if (result.outcome === 'refused') {
      const touch = { kind: 'touch', method: 'POST', reason: result.reason, authentication: null } as const;
      await countTouch(scope, link.recipientId, { ...touch, ...visitor });
      throw refused(result.reason);
    }
    const { expiresAt, retryAfterSeconds } = result;
    return { reference: passcode.reference, expiresAt: expiresAt.toISOString(), retryAfterSeconds, browser };
  }

  /**
   * Tries a passcode. A session that the browser held before ends: its token is about to be forgotten there.
   * @returns the token of a new session, which is nowhere stored as it is.
   */
  async signIn(
    token: string,
    { browser, session }: { browser: string | undefined; session: string | undefined },
    typed: string,
    visitor: Visitor,
  ) {
    const link = await this.readers.findLink(token, undefined);
    requireMethod(link);
    await this.#limit('passcode-try', TRIES_PER_WINDOW, visitor);
    const code = typedPasscode(typed);
    const sessionToken = newToken();
    const attempt = {
      // A browser that holds no token has asked for nothing.
      browserHash: hashOfSecret(browser ?? randomBytes(32).toString('base64url')),
      hmacOf: (requestId: string) => passcodeHmac(this.#passcodeKey, requestId, code),
      sessionTokenHash: hashOfSecret(sessionToken),
    };
    const result = await tryPasscode(this.readers.scopeOf(link), link, attempt, visitor);
    switch (result.outcome) {
      case 'signed-in':
        await this.readers.endSession(session);
        return { token: sessionToken, expiresAt: result.session.expiresAt.toISOString() };
      case 'wrong':
        throw new ProblemError('passcode_wrong', { triesLeft: result.triesLeft });
      case 'void':
        throw new ProblemError('passcode_void');
      case 'other-browser':
        throw new ProblemError('passcode_other_browser');
      case 'refused':
        throw refused(result.reason);
      default:
        return result satisfies never;
    }
  }

  async #limit(what: string, limit: number, { clientIp }: Visitor): Promise<void> {
    if (clientIp === null) return;
    const decision = await countTry(this.database.system, `${what}:${networkOf(clientIp)}`, limit, WINDOW_SECONDS);
    if (!decision.allowed) throw new ProblemError('too_many_requests', { retryAfterSeconds: decision.retryAfterSeconds });
  }
}

function requireMethod(link: Link): void {
  if (!link.template.otpEnabled) throw refused('SignInMethod');
}
