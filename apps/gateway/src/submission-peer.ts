import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { SubmissionPeer } from '@signet/db/submission-trust';
import { networkOf } from '@signet/domain/network';
import { isVouchedFor } from './vouched-certificate.ts';

/** The certificate that a client showed in its handshake. */
export interface ShownCertificate {
  readonly fingerprint: string;
  /** Host names in it (DNS names of its SAN), in lower case; none where no known authority vouches for it. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** A host name, or one with a wildcard for its leftmost label and two labels more at least. */
const CERTIFICATE_NAME = /^DNS:((?:\*\.)?(?:[a-z0-9-]+\.)+[a-z0-9-]+)$/i;

/**
 * The certificate that the other end of a finished handshake showed; null where it showed none.
 * @param authorities those that may vouch for its names.
 */
export function shownCertificate(socket: TLSSocket, authorities: readonly X509Certificate[]): ShownCertificate | null {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return null;
  return {
    fingerprint: certificate.fingerprint256,
    names: isVouchedFor(socket, certificate, authorities) ? namesIn(certificate.subjectAltName ?? '') : [],
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
  };
}

/** A name with characters that no host name has stands in quotes, and could hold what looks like further names: then none of them counts. */
function namesIn(subjectAltName: string): string[] {
  if (subjectAltName.includes('"')) return [];
  return subjectAltName.split(', ').flatMap((entry) => CERTIFICATE_NAME.exec(entry)?.[1]?.toLowerCase() ?? []);
}

/**
 * What a client may be trusted by. Its certificate counts as long as it is valid, looked at anew each time: a session may outlast it.
 */
export function submissionPeer(remoteAddress: string, certificate: ShownCertificate | null, now: Date): SubmissionPeer {
  const network = networkOf(remoteAddress);
  const isValid = certificate !== null && certificate.validFrom <= now && now <= certificate.validTo;
  return {
    address: network.includes('/') ? (remoteAddress.split('%')[0] ?? remoteAddress) : network,
    certificateMarks: isValid ? [certificate.fingerprint, ...certificate.names] : [],
  };
}
