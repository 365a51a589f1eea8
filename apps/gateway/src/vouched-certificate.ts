import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** Extended key usages (RFC 5280, 4.2.1.12). */
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';
const LONGEST_PATH = 10;

/**
 * Whether a known authority vouches for the names in the certificate that the other end showed.
 *
 * Public authorities stopped certifying clients in 2026: what a mail system shows is its server's certificate, and OpenSSL, which asks for a
 * client's, ends with `INVALID_PURPOSE`. That error hides whether an authority is behind it at all; signatures, dates, key lengths and name constraints
 * are looked at after it, and would show as errors of their own. So for these certificates the path to the authority is walked here.
 */
export function isVouchedFor(socket: TLSSocket, certificate: X509Certificate, authorities: readonly X509Certificate[]): boolean {
  if (socket.authorized) return true;
  // A code, whatever the types say.
  if (String(socket.authorizationError) !== 'INVALID_PURPOSE') return false;
  return usagesOf(certificate)?.includes(SERVER_AUTHENTICATION) === true && leadsToAuthority(certificate, LONGEST_PATH, authorities);
}

/** Along the certificates that were shown above it. */
function leadsToAuthority(certificate: X509Certificate, steps: number, authorities: readonly X509Certificate[]): boolean {
  if (authorities.some((authority) => isIssuedBy(certificate, authority))) return true;
  const issuer = certificate.issuerCertificate;
  return steps > 0 && issuer !== undefined && isIssuedBy(certificate, issuer) && leadsToAuthority(issuer, steps - 1, authorities);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  const now = new Date();
  // Without usages an authority may certify anything; with them, those alone.
  const usages = usagesOf(issuer);
  return (
    issuer.ca &&
    issuer.validFromDate <= now &&
    now <= issuer.validToDate &&
    (usages === undefined || usages.includes(SERVER_AUTHENTICATION) || usages.includes(ANY_USAGE)) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey)
  );
}

/** Its extended key usages; undefined where it has none, whatever the types say. */
function usagesOf(certificate: X509Certificate): readonly string[] | undefined {
  return certificate.keyUsage;
}
