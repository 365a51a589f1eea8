import type { OrganizationScope } from '@signet/db/database';
import { findMessages, loadMessages, type MessageDetail } from '@signet/db/message-detail';
import type { Revoker } from '@signet/domain/revocation';
import { messageSightOf, type Insider } from '../authentication/caller.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';

/** Messages named in an answer that a Message-ID is ambiguous. */
const NAMED_CANDIDATES = 100;

/**
 * The one message that a reference names, of those that the caller may see.
 * @throws {ProblemError} `not_found`, or `message_id_ambiguous` with those it may mean.
 */
export async function theOneMessage(scope: OrganizationScope, caller: Insider, reference: string): Promise<MessageDetail> {
  const named = await findMessages(scope, messageSightOf(caller), reference);
  if (named.length > 1) {
    throw new ProblemError('message_id_ambiguous', {
      candidates: named.slice(0, NAMED_CANDIDATES).map((message) => ({ ...message, acceptedAt: message.acceptedAt.toISOString() })),
    });
  }
  const [message] = await loadMessages(
    scope,
    named.map(({ id }) => id),
  );
  if (!message) throw notFound();
  return message;
}

/**
 * Who read is the trail's to tell, wherever it shows (helpdesk sees deliveries and no trail). From where and with which
 * program they read is no matter of a sender's.
 */
export function sightOf(caller: Insider): { trail: boolean; origins: boolean; rules: boolean; expiry: Revoker | null } {
  const isSender = caller.kind === 'sender';
  const organization = caller.permissions.has('messages:write') ? 'organization' : null;
  return {
    trail: caller.permissions.has('audit:read'),
    origins: !isSender,
    rules: !isSender,
    // For whom they would change an expiry.
    expiry: isSender ? 'sender' : organization,
  };
}
