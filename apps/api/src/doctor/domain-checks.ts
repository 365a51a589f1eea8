import { BlockList, isIP } from 'node:net';
import type { OrganizationDomain } from '@signet/db/domain';
import { isLoopbackHost } from '@signet/domain/public-url';
import { dkimRecordName, publicKeyIn } from '../domains/dkim-record.ts';
import type { NameService } from '../domains/name-service.ts';
import { fault, ok, together, warning, type Check, type Finding } from './finding.ts';
import { mailServerOf } from './mail-server-checks.ts';

type Look = (domain: OrganizationDomain, names: NameService) => Promise<Finding>;

const SILENT_DNS = 'See that the DNS servers answer: those of DNS_SERVERS, or the system’s own.';

/** The checks of the DNS of an organization's domains, and of the name of whoever sends for them. */
export function domainChecks(
  names: NameService,
  listDomains: () => Promise<OrganizationDomain[]>,
  nextHopUrl: string | undefined,
): Record<'spf' | 'dkim' | 'dmarc' | 'ptr', Check> {
  const each = (look: Look): Check => ({
    mend: SILENT_DNS,
    run: async () => {
      const proved = (await listDomains()).filter(({ verifiedAt }) => verifiedAt !== null);
      return together(await Promise.all(proved.map((domain) => look(domain, names))));
    },
  });
  return { spf: each(spf), dkim: each(dkim), dmarc: each(dmarc), ptr: { mend: SILENT_DNS, run: () => ptr(names, nextHopUrl) } };
}

/** RFC 7208: one record, which does not let everybody send. Whether it names the next hop's servers only their operator knows. */
async function spf({ domain }: OrganizationDomain, names: NameService): Promise<Finding> {
  const records = (await names.textsOf(domain)).filter((text) => /^v=spf1(?:\s|$)/i.test(text));
  const [record] = records;
  if (record === undefined) {
    return warning(
      `${domain} has no SPF record`,
      `Add a TXT record to ${domain} that names the next hop’s servers, such as “v=spf1 include:spf.example.org -all”.`,
    );
  }
  if (records.length > 1)
    return fault(`${domain} has ${records.length} SPF records`, `Leave ${domain} one SPF record: of several none counts.`);
  if (/(?:^|\s)\+?all(?:\s|$)/i.test(record))
    return fault(`${domain} says “${record}”`, `End the SPF record of ${domain} with “-all” or “~all”: now everybody may send.`);
  if (!/(?:^|\s)(?:[-~]all|redirect=\S+)(?:\s|$)/i.test(record)) {
    return warning(
      `${domain} says “${record}”`,
      `End the SPF record of ${domain} with “-all” or “~all”: now it says nothing of other servers.`,
    );
  }
  return ok(`${domain} says “${record}”`);
}

/** A domain's mails are signed, and the DNS has the key that checks them. */
async function dkim({ domain, dkimKeys }: OrganizationDomain, names: NameService): Promise<Finding> {
  const key = dkimKeys.find(({ active }) => active);
  if (!key)
    return warning(
      `${domain} has no key that signs`,
      `Make a key for ${domain} under Access, put its record into the DNS and activate it.`,
    );
  const name = dkimRecordName(domain, key.selector);
  const published = (await names.textsOf(name)).some((text) => publicKeyIn(text) === key.publicKey);
  return published
    ? ok(`${name} has the key that signs`)
    : fault(
        `${name} does not have the key that signs`,
        `Put the record of ${name} back into the DNS: nobody can check the mails’ signatures.`,
      );
}

/** RFC 9989: the record of the domain, or of the nearest domain above it that has one. */
async function dmarc({ domain }: OrganizationDomain, names: NameService): Promise<Finding> {
  const labels = domain.split('.');
  for (let above = 0; above <= labels.length - 2; above += 1) {
    const name = `_dmarc.${labels.slice(above).join('.')}`;
    const records = (await names.textsOf(name)).filter((text) => /^v=DMARC1\s*(?:;|$)/.test(text));
    const [record] = records;
    if (record === undefined) continue;
    if (records.length > 1)
      return fault(`${name} has ${records.length} DMARC records`, `Leave ${name} one record: of several none counts.`);
    if (!/;\s*p\s*=\s*(?:none|quarantine|reject)\s*(?:;|$)/i.test(record)) {
      return fault(`${name} says “${record}”`, `Give the record of ${name} a policy: “p=none”, “p=quarantine” or “p=reject”.`);
    }
    return ok(`${name} says “${record}”`);
  }
  return warning(
    `${domain} has no DMARC record`,
    `Add a TXT record to _dmarc.${domain}, such as “v=DMARC1; p=none”: large mail providers ask for one.`,
  );
}

/** The next hop's addresses have a name that leads back to them. In a private network others see another address, which is not known here. */
async function ptr(names: NameService, nextHopUrl: string | undefined): Promise<Finding> {
  if (nextHopUrl === undefined) return warning('Not looked at: the api is not told SMTP_URL', 'Set SMTP_URL for the api too.');
  const { host } = mailServerOf(nextHopUrl);
  if (isLoopbackHost(host)) return ok('The next hop is on this machine: what others see of it is not known here');
  const addresses = isIP(host) === 0 ? await names.addressesOf(host) : [host];
  const [first] = addresses;
  if (first === undefined) return warning(`${host} has no address in the DNS`, 'See that SMTP_URL names the next hop as the DNS does.');
  return together(await Promise.all(addresses.map((address) => nameOf(address, names))));
}

async function nameOf(address: string, names: NameService): Promise<Finding> {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (inside.check(address, family)) return ok(`${address} is in a private network: what others see is not known here`);
  const given = await names.namesOf(address);
  const leadsBack = await Promise.all(given.map(async (name) => (await names.addressesOf(name)).includes(address)));
  const name = given.find((_name, index) => leadsBack[index]);
  if (name !== undefined) return ok(`${address} is ${name}`);
  const found = given.length === 0 ? `${address} has no name` : `${address} is ${given.join(', ')}, which does not lead back to it`;
  return warning(found, `Ask whoever gave out ${address} for a PTR record, and let its name lead back to the address.`);
}

/** Addresses that nobody outside sees. */
const inside = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  inside.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  inside.addSubnet(network, prefix, 'ipv6');
}
