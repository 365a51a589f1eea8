import type { SubmissionTrustCreation } from '@signet/api-contract/submission-trusts';
import type { OrganizationScope } from '@signet/db/database';
import { readNetwork } from '@signet/db/submission-trust';
import { certificateMark, WIDEST_NETWORK } from '@signet/domain/submission-trust';
import { invalid } from '../http/problem-error.ts';

/**
 * What is to be trusted, in its one spelling.
 * @throws {ProblemError} 400 that says what is wrong with it and what to write.
 */
export async function trustedValue(scope: OrganizationScope, { kind, value }: SubmissionTrustCreation): Promise<string> {
  if (kind === 'network') return networkValue(scope, value);
  const mark = certificateMark(value);
  if (mark === null) {
    throw wrong(
      value.startsWith('*.')
        ? `must be one host name: for a certificate of ${value} write one that it covers, as mail${value.slice(1)}`
        : 'must be a host name as mail.example.com (xn--… beyond ASCII), or a SHA-256 fingerprint of 64 hexadecimal digits',
    );
  }
  return mark;
}

async function networkValue(scope: OrganizationScope, value: string): Promise<string> {
  const read = await readNetwork(scope, value);
  if (!read) throw wrong('must be a network as 192.0.2.0/24 or 2001:db8:1::/48, or one address');
  const { network, family, prefixLength, isWhole, isMapped } = read;
  if (!isWhole) throw wrong(`is an address within a network: for the network write ${network}, for the address leave out /${prefixLength}`);
  if (isMapped) throw wrong('is an IPv4 network within IPv6: write it as IPv4');
  if (prefixLength < WIDEST_NETWORK[family])
    throw wrong(`is too wide: an IPv${family} network may be /${WIDEST_NETWORK[family]} at the widest`);
  return network;
}

function wrong(detail: string) {
  return invalid([{ pointer: '/value', detail }]);
}
