/** By what a mail system is known that does not sign in. */
export const submissionTrustKinds = ['network', 'certificate'] as const;
export type SubmissionTrustKind = (typeof submissionTrustKinds)[number];

/** The widest networks that may be trusted, as prefix lengths: no provider's is wider, and a slip of the pen is no open relay. */
export const WIDEST_NETWORK = { 4: 8, 6: 32 } as const;

const FINGERPRINT = /^(?:[0-9a-f]{2}:?){31}[0-9a-f]{2}$/i;
const LABEL = '(?!-)[a-z0-9-]{1,63}(?<!-)';
const HOST_NAME = new RegExp(String.raw`^(?:${LABEL}\.)+(?!\d+$)${LABEL}$`);

/**
 * The one spelling of what a certificate is known by: a host name that stands in it, in lower case, or the SHA-256 fingerprint of that one
 * certificate as `AA:BB:…`. Null where it is neither.
 */
export function certificateMark(text: string): string | null {
  if (FINGERPRINT.test(text)) return text.replaceAll(':', '').toUpperCase().match(/../g)?.join(':') ?? null;
  const name = text.toLowerCase();
  return name.length <= 253 && HOST_NAME.test(name) ? name : null;
}
