import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { StoredNextHop } from '@signet/db/next-hop';
import { closedAddress, mayBeNextHop, nextHopLookup } from '@signet/domain/next-hop';
import { fault, find, ok, together, warning, type Check, type Finding } from './finding.ts';
import { daysLeft, timeOf } from './mail-server-checks.ts';
import { probeMailServer } from './mail-server-probe.ts';

/** For each of them, in milliseconds: less than for all, so that one that hangs leaves the others their say. */
const EACH = 4_000;
const MEND = 'See that this mail server runs and can be reached from here, or change it under Settings: until then its mail waits.';
const CERTIFICATE_MEND =
  'Give this mail server a certificate in its own name that is in its time, from an authority that this machine knows.';

/** Whether the organization's own next hops answer as the worker will speak to them. Nobody signs in. */
export function organizationNextHopsCheck(listHops: () => Promise<StoredNextHop[]>, networks: readonly string[]): Check {
  return {
    mend: MEND,
    run: async () => {
      const hops = await listHops();
      if (hops.length === 0) return ok('None: all mail goes to the installation’s next hop');
      const findings = hops.map(async (hop) => {
        const finding = await find({ mend: MEND, run: (signal) => look(hop, networks, signal) }, EACH);
        return { ...finding, found: `${hop.domain ?? 'all other domains'}: ${finding.found}` };
      });
      return together(await Promise.all(findings));
    },
  };
}

async function look({ host, port, tls }: StoredNextHop, networks: readonly string[], signal: AbortSignal): Promise<Finding> {
  if (isIP(host) !== 0 && !mayBeNextHop(host, networks)) return fault(closedAddress(host, host), MEND);
  const how = tls === 'implicit' ? 'at once' : 'where offered';
  const { certificate } = await probeMailServer({ host, port, tls: how, lookup: nextHopLookup(lookup, networks) }, signal);
  if (certificate === null) {
    return tls === 'required'
      ? fault('answers EHLO without STARTTLS: mail waits', 'Switch TLS on at this mail server.')
      : warning(
          'answers EHLO without STARTTLS: mail goes there in clear',
          'Switch TLS on at this mail server, and ask for it under Settings.',
        );
  }
  if (tls === 'opportunistic') return ok('answers EHLO with TLS');
  const distrusted =
    certificate.distrust === null ? null : fault(`its certificate is not trusted (${certificate.distrust})`, CERTIFICATE_MEND);
  return timeOf(certificate, CERTIFICATE_MEND) ?? distrusted ?? ok(`answers EHLO with TLS; ${daysLeft(certificate)}`);
}
