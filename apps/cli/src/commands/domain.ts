import { domainRoutes } from '@signet/api-contract/domains';
import type { OrganizationDomain } from '@signet/api-contract/domains';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { note, writeFields, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<OrganizationDomain>[] = [
  { head: 'Domain', value: ({ domain }) => domain },
  { head: 'Proved', value: ({ verifiedAt }) => verifiedAt },
  { head: 'Signed with', value: ({ dkimKeys }) => dkimKeys.find(({ active }) => active)?.selector ?? null },
  { head: 'TXT record to add', value: ({ challenge }) => challenge?.name ?? null },
  { head: 'Its value', value: ({ challenge }) => challenge?.value ?? null },
];

export const domainCommand = noun('domain', 'the organization’s domains: what proves them, and what signs their mails');

verb(domainCommand, 'list', 'the domains, and those that are yet to be proved').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(domainRoutes.listDomains);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(domainCommand, 'add', 'add a domain: says which TXT record proves it')
  .argument('<domain>')
  .action(async (domain, options) => {
    const session = openSession(options);
    const made = await session.client.call(domainRoutes.claimDomain, { body: { domain } });
    if (session.json) return writeJson(made);
    note(`Add this TXT record to the DNS of ${domain}, then run: signet domain verify ${domain}`);
    await writeRecord(made.challenge);
  });

verb(domainCommand, 'verify', 'look whether the DNS proves a domain; its addresses may send from then on')
  .argument('<domain>')
  .action(async (domain, options) => {
    const session = openSession(options);
    const found = await session.client.call(domainRoutes.verifyDomain, { params: { domain } });
    if (session.json) return writeJson(found);
    note(`${domain} is the organization’s: its addresses may send.`);
  });

verb(domainCommand, 'remove', 'remove a domain: its addresses cannot send any more')
  .argument('<domain>')
  .option('--yes', 'do not ask')
  .action(async (domain, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => [
      `Remove ${domain}. Its addresses cannot send any more, and its signing keys are gone for good. Messages that were sent stay.`,
    ]);
    await session.client.call(domainRoutes.removeDomain, { params: { domain } });
    note(`Removed ${domain}.`);
  });

verb(domainCommand, 'keys', 'the keys that can sign a domain’s mails, with their TXT records')
  .argument('<domain>')
  .action(async (domain, options) => {
    const session = openSession(options);
    const { items } = await session.client.call(domainRoutes.listDomains);
    const keys = items.find((each) => each.domain === domain)?.dkimKeys ?? [];
    if (session.json) return writeJson({ items: keys });
    const shown: readonly Column<OrganizationDomain['dkimKeys'][number]>[] = [
      { head: 'Selector', value: ({ selector }) => selector },
      { head: 'Signs', value: ({ active }) => active },
      { head: 'Made', value: ({ createdAt }) => createdAt },
      { head: 'TXT record', value: ({ record }) => record.name },
      { head: 'Id', value: ({ id }) => id },
    ];
    await writeTable(shown, keys);
  });

verb(domainCommand, 'create-key', 'make a key that can sign a domain’s mails (DKIM): says which TXT record publishes it')
  .argument('<domain>')
  .action(async (domain, options) => {
    const session = openSession(options);
    const made = await session.client.call(domainRoutes.createDkimKey, { params: { domain } });
    if (session.json) return writeJson(made);
    note(`Add this TXT record to the DNS of ${domain}, then run: signet domain activate-key ${domain} ${made.id}`);
    await writeRecord(made.record);
  });

verb(domainCommand, 'activate-key', 'sign a domain’s mails with a key, once the DNS has its record')
  .argument('<domain>')
  .argument('<id>')
  .action(async (domain, id, options) => {
    const session = openSession(options);
    const found = await session.client.call(domainRoutes.activateDkimKey, { params: { domain, id } });
    if (session.json) return writeJson(found);
    note(`Mails of ${domain} are signed with it from now on.`);
  });

verb(domainCommand, 'remove-key', 'remove a key: keep one that has signed until its mails have arrived')
  .argument('<domain>')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (domain, id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => [
      `Remove this key of ${domain}. Where it is the one that signs, mails are not signed any more. This cannot be undone.`,
    ]);
    await session.client.call(domainRoutes.removeDkimKey, { params: { domain, id } });
    note('Removed the key.');
  });

async function writeRecord(record: { readonly name: string; readonly value: string } | null): Promise<void> {
  if (record === null) return;
  await writeFields([
    ['Name', record.name],
    ['Value', record.value],
  ]);
}
