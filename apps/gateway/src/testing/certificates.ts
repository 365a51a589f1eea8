import { generate } from 'selfsigned';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

const DAY = 24 * 60 * 60_000;

type Usage = 'clientAuth' | 'serverAuth' | 'emailProtection';

/** An authority: one of its own, or one that another one certified, for a single usage or for any. */
export async function createAuthority(
  options: { readonly above?: TestCertificate; readonly usage?: Usage } = {},
): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: `Authority ${crypto.randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(options.above ? { ca: options.above } : {}),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ...(options.usage ? [{ name: 'extKeyUsage' as const, [options.usage]: true }] : []),
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A certificate with host names in it, of an authority or signed by itself; one that has expired was good until yesterday. */
export async function createCertificate(
  names: readonly string[],
  options: { readonly authority?: TestCertificate; readonly expired?: boolean; readonly usage?: Usage } = {},
): Promise<TestCertificate> {
  const now = Date.now();
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'nobody' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - 3 * DAY),
    notAfterDate: new Date(now + (options.expired ? -DAY : DAY)),
    ...(options.authority ? { ca: options.authority } : {}),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', ...(options.usage ? { [options.usage]: true } : { serverAuth: true, clientAuth: true }) },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  return { cert: made.cert, key: made.private };
}
