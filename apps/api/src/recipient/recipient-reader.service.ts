import { Injectable } from '@nestjs/common';
import { Database, type OrganizationScope } from '@signet/db/database';
import { findLink, type Link } from '@signet/db/link';
import { countTouch } from '@signet/db/link-touch';
import { countTry } from '@signet/db/rate-limit';
import { endRecipientSession, type RecipientSession } from '@signet/db/recipient-session';
import { refusalOf } from '@signet/domain/message-state';
import type { Visitor } from '../authentication/caller.ts';
import { hashOfSecret } from '../authentication/secret.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { ContentAlarm } from './content-alarm.ts';
import { refused, type Refusal } from './refusal.ts';

/** A link with its signed-in recipient, and what was seen against them before any lock. */
export interface Reader {
  readonly link: Link;
  readonly session: RecipientSession;
  readonly scope: OrganizationScope;
  readonly visitor: Visitor;
  /** Null where nothing stands against reading; what decides is looked at again in the transaction that records. */
  readonly refusal: Exclude<Refusal, 'SignedOut'> | null;
}

/** A page of many pictures and a reader who tries again stay far below; each refusal within it is an event of its own. */
const REFUSALS_PER_MINUTE = 300;

/** Finds out who asks by which link. */
@Injectable()
export class RecipientReaderService {
  constructor(
    private readonly database: Database,
    private readonly alarm: ContentAlarm,
  ) {}

  /** @throws {ProblemError} `not_found` for a token that names nobody, however malformed. */
  async findLink(token: string, sessionToken: string | undefined): Promise<Link> {
    const link = await findLink(this.database.system, token, sessionToken === undefined ? null : hashOfSecret(sessionToken));
    if (link) return link;
    this.alarm.countUnknownLink();
    throw notFound();
  }

  scopeOf(link: Link): OrganizationScope {
    return this.database.forOrganization(link.organizationId);
  }

  /** @throws {ProblemError} `not_found`; `unauthenticated` without a live session of this very address in this organization. */
  async findReader(token: string, sessionToken: string | undefined, visitor: Visitor): Promise<Reader> {
    const link = await this.findLink(token, sessionToken);
    const { session } = link;
    if (!session) throw refused('SignedOut');
    const allowed = session.method === 'OTP' ? link.template.otpEnabled : link.template.socialIdSignIn;
    const refusal = refusalOf(link, link.lookedAt) ?? (allowed ? null : 'SignInMethod');
    return { link, session, scope: this.scopeOf(link), visitor, refusal };
  }

  /** Ends the session that a browser holds, if it holds one. */
  async endSession(sessionToken: string | undefined): Promise<void> {
    if (sessionToken !== undefined) await endRecipientSession(this.database.system, hashOfSecret(sessionToken));
  }

  /**
   * Counts one more refused request for content of a session, before its event is written.
   * @throws {ProblemError} `too_many_requests` for who asks on and on: nobody fills the trail by being refused.
   */
  async limitRefusals({ session }: Reader): Promise<void> {
    const decision = await countTry(this.database.system, `refused-reading:${session.id}`, REFUSALS_PER_MINUTE, 60);
    if (!decision.allowed) throw new ProblemError('too_many_requests', { retryAfterSeconds: decision.retryAfterSeconds });
  }

  /** Counts an opening that was refused to a signed-in recipient, gathered per minute, and refuses it. */
  async refuseOpening({ link, session, scope, visitor }: Reader, reason: Refusal, method: string): Promise<never> {
    if (reason !== 'SignedOut') {
      await countTouch(scope, link.recipientId, { kind: 'access', method, reason, authentication: session.method, ...visitor });
    }
    throw refused(reason);
  }
}
