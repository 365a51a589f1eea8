import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { FieldError } from '@signet/api-contract/problem';

/** The certificates of a PEM text. @throws where one is none. */
function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((text) => new X509Certificate(text));
}

/** SHA-256 fingerprints of certificates that were looked at before, for records. */
export function fingerprintsIn(pem: string | null): string[] | null {
  return pem === null ? null : certificatesIn(pem).map(({ fingerprint256 }) => fingerprint256);
}

interface Certificates {
  readonly certificateAuthority: string | null;
  readonly clientCertificate: string | null;
}

/** What is wrong with the certificates of a syslog destination, by field. @param needsKey the client certificate has no key yet. */
export function faultsOfCertificates(
  { certificateAuthority, clientCertificate }: Certificates,
  clientKey: string | undefined,
  needsKey: boolean,
): FieldError[] {
  const unread = { detail: 'cannot be read as a certificate' };
  const faults: FieldError[] = [];
  if (certificateAuthority !== null && !isReadable(certificateAuthority)) faults.push({ pointer: '/certificateAuthority', ...unread });
  if (clientCertificate !== null && !isReadable(clientCertificate)) return [...faults, { pointer: '/clientCertificate', ...unread }];
  if (clientCertificate === null && clientKey !== undefined) faults.push({ pointer: '/clientCertificate', detail: 'is needed with a key' });
  if (needsKey && clientKey === undefined) faults.push({ pointer: '/clientKey', detail: 'is needed with a certificate' });
  if (clientCertificate !== null && clientKey !== undefined && !belongs(clientKey, clientCertificate))
    faults.push({ pointer: '/clientKey', detail: 'is not the certificate’s key' });
  return faults;
}

function isReadable(pem: string): boolean {
  try {
    return certificatesIn(pem).length > 0;
  } catch {
    return false;
  }
}

/** Whether a key is that of the first certificate: those behind it vouch for it. */
function belongs(key: string, pem: string): boolean {
  try {
    return certificatesIn(pem)[0]?.checkPrivateKey(createPrivateKey(key)) ?? false;
  } catch {
    return false;
  }
}
