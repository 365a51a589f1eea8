import { templateLimits } from '@signet/domain/branding-template';
import { contentAfterExpiry, senderExpiryPolicy } from '@signet/domain/message-expiry';
import { recordedForm } from '@signet/domain/privacy-policy';
import { mailLanguages } from '@signet/domain/recipient-language';
import { messageBytes, recipientLimit } from '@signet/domain/submission-limits';
import { unreadDays } from '@signet/domain/sender-notice';
import { z } from 'zod';
import { defineRoute } from './route.ts';

/** A domain name in ASCII, short enough to stand behind a part of 64 octets in an address of 254. */
export const domainName = z
  .string()
  .max(189)
  .regex(/^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/, {
    error: 'must be a domain name in lower case and in its ASCII form, such as bounces.example.org',
  });

export const configuration = z
  .strictObject({
    enablePortalTrackingLogs: z
      .boolean()
      .meta({ description: 'Whether steps on messages under a custom template are recorded from now on.' }),
    requireSecondFactor: z
      .boolean()
      .meta({ description: 'Whether members must have a second factor: who has none sets one up before anything else.' }),
    notifySenders: z.boolean().meta({
      description:
        'Whether a sender gets a mail when a message of theirs has been taken, with a link to its page among their sent messages. Automatic mails and lists are never answered. Off in a new organization.',
    }),
    notifyFirstOpening: z.boolean().meta({
      description:
        'Whether a sender gets a mail when a recipient has opened a message of theirs for the first time; of tracked messages alone. What becomes of one message within a minute is told in one mail, and the next one about it follows no sooner than a quarter of an hour later. A sender can decline each of these mails for themselves. Off in a new organization.',
    }),
    notifyUnreadAfterDays: z.int().min(unreadDays.min).max(unreadDays.max).nullable().meta({
      description:
        'After how many days a sender gets a mail of who has not opened a message of theirs, where nothing can have happened to it without being recorded. Not of recipients whose mail bounced or went out unwrapped, or whom the message was taken back from. Counts from when it is set. Null, as in a new organization: never.',
    }),
    notifyBounced: z.boolean().meta({
      description:
        'Whether a sender gets a mail when the mail to a recipient came back or was given up, tracked or not. On in a new organization: else they never learn of it.',
    }),
    notifyExpiredUnread: z.boolean().meta({
      description:
        'Whether a sender gets a mail when a message of theirs has expired and a recipient had not opened it, where that is known. Off in a new organization.',
    }),
    notifyRefusedAfterRevocation: z.boolean().meta({
      description:
        'Whether a sender gets a mail when a signed-in recipient tried to open a message that was taken back from them; of tracked messages alone. Off in a new organization.',
    }),
    sendersMayChangeExpiry: senderExpiryPolicy.meta({
      description:
        'Whether senders may set a message’s expiry by the header `X-Signet-Expires` and change it among their sent messages: `never`; `shorten`, to an earlier time than their template gives; `any`, to a later one too. A new organization has `shorten`.',
    }),
    contentAfterExpiry: contentAfterExpiry.meta({
      description:
        'Whether the content of expired messages is kept, so that their expiry can be put off, or erased, so that nobody can ever read it again. A new organization has `keep`.',
    }),
    eraseAfterDays: z
      .int()
      .min(0)
      .max(templateLimits.expiryInDays)
      .meta({ description: 'How many days after a message’s expiry its content is erased, where it is. 30 in a new organization.' }),
    bounceDomain: domainName.nullable().meta({
      description:
        'A domain of the organization, or one below it, whose mail goes to the gateway: wrapper mails then come from an address of their own there, and what cannot be delivered is recorded. Null, as in a new organization: it goes back to the message’s sender.',
    }),
    mailLanguages: mailLanguages.meta({
      description:
        'The languages of wrapper mails whose template names none: one, or two for a mail that says everything in both, the first one first. `en` in a new organization.',
      example: ['de', 'en'],
    }),
    recordedClientIp: recordedForm.meta({
      description:
        'How much of a visitor’s address audit entries get from now on: `full`; `truncated`, the network alone (/24 of IPv4, /48 of IPv6); `hash`, a keyed hash by which equal addresses are recognised; `none`. What was recorded stays. A new organization has `full`.',
    }),
    recordedUserAgent: recordedForm.meta({
      description: 'The same of a visitor’s program: `truncated` is its name, major version and system, as in `Chrome 125 on Linux`.',
    }),
    recordedSubject: recordedForm.meta({
      description:
        'The same of messages’ subjects, in audit entries, lists and searches: `truncated` is the beginning, at most ten characters and half of it. Recipients, and the mails they get, have the whole in any case.',
    }),
    maxMessageBytes: z.int().min(messageBytes.min).max(messageBytes.max).nullable().meta({
      description: 'Bytes of a message at most. Null, as in a new organization: as many as the installation takes, which is the most.',
    }),
    maxRecipients: z.int().min(1).max(recipientLimit).meta({ description: 'Recipients of a message at most. 1000 in a new organization.' }),
  })
  .meta({ id: 'Configuration' });
export type Configuration = z.infer<typeof configuration>;

const stored = { messages: z.int().nonnegative(), bytes: z.int().nonnegative() };
const month = z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/), ...stored });

/** How much content lies on the disk, and until when. Months are those of UTC. */
export const storageForecast = z
  .strictObject({
    stored: z.strictObject(stored).meta({ description: 'All messages whose content is there, as it lies on the disk: encrypted.' }),
    withoutExpiry: z.strictObject(stored),
    erasable: z
      .strictObject(stored)
      .meta({ description: 'What expired longer ago than `eraseAfterDays`: what is destroyed at once where `erase` is chosen.' }),
    expiring: z.array(month).meta({ description: 'By the month in which it expires, or has expired.' }),
    freed: z.array(month).meta({ description: 'By the month in which it is erased. Empty where content is kept.' }),
  })
  .meta({ id: 'StorageForecast' });
export type StorageForecast = z.infer<typeof storageForecast>;

export const configurationRoutes = {
  getConfiguration: defineRoute({
    method: 'GET',
    path: '/v1/configuration',
    summary: 'Read the organization’s configuration',
    tags: ['Configuration'],
    security: { apiKey: ['configuration:read'] },
    responses: { 200: configuration },
    problems: [],
  }),
  getStorageForecast: defineRoute({
    method: 'GET',
    path: '/v1/storage-forecast',
    summary: 'Read how much content is stored, when it expires, and what will be freed',
    tags: ['Configuration'],
    security: { apiKey: ['configuration:read'] },
    query: z.strictObject({
      eraseAfterDays: z.coerce
        .number<number>()
        .int()
        .min(0)
        .max(templateLimits.expiryInDays)
        .meta({ description: 'Counts `erasable` for so many days in place of those that are set.' })
        .optional(),
    }),
    responses: { 200: storageForecast },
    problems: [],
  }),
  changeConfiguration: defineRoute({
    method: 'PATCH',
    path: '/v1/configuration',
    summary: 'Change the organization’s configuration',
    description:
      'Fields left out stay as they are. Every change leaves an admin record. Switching tracking on counts for later steps only.',
    tags: ['Configuration'],
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    body: configuration.partial(),
    responses: { 200: configuration },
    problems: [],
  }),
} as const;
