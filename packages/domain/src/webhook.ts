import { isInNetworks, isOnInternet } from './open-network.ts';

/** So many webhooks an organization may have. */
export const WEBHOOK_LIMIT = 10;

/** So many of them are spoken to at once, by all workers together: a fifth of what one worker speaks to. */
export const WEBHOOK_LANES = 4;

/** Entries in one request, and bytes of them after which no further one is added: what a receiver takes in at once. */
export const WEBHOOK_ENTRIES = 100;
export const WEBHOOK_BYTES = 256 * 1024;

/** How long the former secret signs besides the new one, in hours. */
export const FORMER_SECRET_HOURS = 24;

/** Seconds from a failed attempt to the next (Standard Webhooks' schedule): a little over three days in all. */
const pauses = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Seconds until the next attempt after the nth failed one; null when the receiver is given up. */
export function webhookPause(failedAttempts: number): number | null {
  return pauses[failedAttempts - 1] ?? null;
}

/** Why Signet itself disabled a webhook. `failing`: no attempt went well for days. `gone`: the receiver answered 410. */
export const webhookFailures = ['failing', 'gone'] as const;
export type WebhookFailure = (typeof webhookFailures)[number];

/**
 * Whether a receiver may be at an address: on the internet with TLS, or in a network that whoever runs Signet named, there in clear too.
 * Else an administrator could have Signet knock at doors that are open to it alone.
 */
export function mayBeReceiver(address: string, networks: readonly string[], isEncrypted: boolean): boolean {
  return isInNetworks(address, networks) || (isEncrypted && isOnInternet(address));
}

/** Why nobody connects to a receiver. */
export function closedReceiver(host: string, address: string | undefined): string {
  const what = address === undefined || address === host ? host : `${host} is ${address}, which`;
  return `${what} is in no network where a receiver may be: with https on the internet, else where whoever runs Signet says in WEBHOOK_NETWORKS`;
}

/** What is wrong with a receiver's URL, as far as it can be seen without looking its name up; null where nothing is. */
export function faultOfReceiver(text: string, networks: readonly string[], isAddress: (host: string) => boolean): string | null {
  if (!URL.canParse(text)) return 'must be a URL, as https://hooks.example.net/signet';
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https://';
  if (username !== '' || password !== '') return 'must name no user and no password: the signature proves who sends';
  if (hash !== '') return 'must have no fragment';
  const isEncrypted = protocol === 'https:';
  if (!isEncrypted && networks.length === 0) return 'must begin with https://';
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  return isAddress(host) && !mayBeReceiver(host, networks, isEncrypted) ? closedReceiver(host, host) : null;
}

/** A receiver's URL as it may stand where many read it: without what names a user, and without its query, where tokens are. */
export function receiverInRecords(text: string): string {
  if (!URL.canParse(text)) return '(no URL)';
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`;
}
