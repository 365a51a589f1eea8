import { Injectable } from '@nestjs/common';
import type { Link as LinkAnswer, LinkState } from '@signet/api-contract/recipient';
import { findShownLogo, type ShownLogo } from '@signet/db/branding-image';
import type { Link } from '@signet/db/link';
import { countTouch } from '@signet/db/link-touch';
import { findPendingPasscode } from '@signet/db/passcode';
import type { RequestSignals } from '@signet/domain/audit/touch-signals';
import { maskAddress } from '@signet/domain/mask-address';
import { refusalOf, type RefusalReason } from '@signet/domain/message-state';
import type { Visitor } from '../authentication/caller.ts';
import { hashOfSecret } from '../authentication/secret.ts';
import { notFound } from '../http/problem-error.ts';
import { brandingView } from './branding-view.ts';
import { RecipientReaderService } from './recipient-reader.service.ts';

const states = { Revoked: 'revoked', Expired: 'expired', NotAvailable: 'not_available' } as const satisfies Record<
  RefusalReason,
  LinkState
>;

/** What the visitor's browser holds, and how it asked. */
export interface LinkLook {
  readonly token: string;
  readonly sessionToken: string | undefined;
  readonly browser: string | undefined;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** The language that the visitor wants most; null for none in particular. */
  readonly language: string | null;
  /** What the request says of who asks. */
  readonly signals: RequestSignals;
}

@Injectable()
export class LinkService {
  constructor(private readonly readers: RecipientReaderService) {}

  /**
   * What may be shown before sign-in. Leaves a touch where nobody is signed in, or a refused opening where somebody is, and
   * changes nothing else.
   */
  async look(look: LinkLook, visitor: Visitor): Promise<LinkAnswer> {
    const link = await this.readers.findLink(look.token, look.sessionToken);
    const refusal = refusalOf(link, link.lookedAt);
    await this.#count(link, look, refusal, visitor);
    const waits = refusal === null && !link.session && look.browser !== undefined && link.template.otpEnabled;
    const pending = waits
      ? await findPendingPasscode(this.readers.scopeOf(link), link.recipientId, hashOfSecret(look.browser ?? ''))
      : null;
    const { template } = link;
    const logo = await findShownLogo(this.readers.scopeOf(link), link.organizationId, template.imageSha256);
    return {
      state: refusal === null ? 'open' : states[refusal],
      branding: brandingView(template, link.organizationName, look.language, logo),
      // The sender's name stands in the From header, which is content.
      senderName: null,
      senderAddress: link.message.sender,
      recipientMasked: maskAddress(link.address),
      expiresAt: link.expiresAt?.toISOString() ?? null,
      tracked: link.tracked,
      methods: template.otpEnabled ? ['OTP'] : [],
      signedIn: link.session !== null,
      pendingPasscode: pending && { ...pending, expiresAt: pending.expiresAt.toISOString() },
    };
  }

  /** The logo that the message was sent with, whatever has become of the message: a refused page has its brand, too. */
  async logo(token: string): Promise<ShownLogo> {
    const link = await this.readers.findLink(token, undefined);
    const logo = await findShownLogo(this.readers.scopeOf(link), link.organizationId, link.template.imageSha256);
    if (!logo) throw notFound();
    return logo;
  }

  /**
   * A page drawn again after a form was sent (POST) is no touch. The page holds no content, so nothing forbids to show it
   * without a record; a touch that cannot be recorded is answered 503 all the same, since silence in the trail would read
   * as "nobody came".
   */
  async #count(link: Link, { method, signals }: LinkLook, refusal: RefusalReason | null, visitor: Visitor): Promise<void> {
    if (method === 'POST') return;
    const { session } = link;
    if (session && refusal === null) return;
    await countTouch(this.readers.scopeOf(link), link.recipientId, {
      kind: session ? 'access' : 'touch',
      method,
      reason: refusal,
      authentication: session?.method ?? null,
      ...(session ? {} : { signals }),
      ...visitor,
    });
  }
}
