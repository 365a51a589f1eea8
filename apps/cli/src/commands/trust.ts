import { submissionTrustRoutes } from '@signet/api-contract/submission-trusts';
import type { SubmissionTrust } from '@signet/api-contract/submission-trusts';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, writeJson, writeTable } from '../output.ts';
import { secretIn } from '../file-in.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<SubmissionTrust>[] = [
  { head: 'Name', value: (trust) => trust.name },
  { head: 'Kind', value: (trust) => trust.kind },
  { head: 'Value', value: (trust) => trust.value },
  { head: 'Header', value: (trust) => trust.requiredHeader },
  { head: 'Created', value: (trust) => trust.createdAt },
  { head: 'By', value: (trust) => trust.createdBy },
  { head: 'Last used', value: (trust) => trust.lastUsedAt },
  { head: 'Revoked', value: (trust) => trust.revokedAt },
  { head: 'Id', value: (trust) => trust.id },
];

export const trustCommand = noun('trust', 'mail systems that hand mail in without signing in, by their network or certificate');

verb(trustCommand, 'list', 'the mail systems that are trusted, and those that were').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(submissionTrustRoutes.listSubmissionTrusts);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(trustCommand, 'create', 'trust a mail system, for senders of the organization’s domains')
  .argument('<name>')
  .option('--network <cidr>', 'the network that it comes from, as 192.0.2.0/24')
  .option('--certificate <mark>', 'a host name in its certificate, or the certificate’s SHA-256 fingerprint')
  .option('--header <name>', 'a field that each message must carry, for what serves other organizations too')
  .option('--header-value <file>', 'the file that holds its value and nothing else; - for standard input')
  .action(async (name, { network, certificate, header, headerValue, ...options }) => {
    if ((network === undefined) === (certificate === undefined)) throw new UsageError('One of --network and --certificate is needed.');
    if ((header === undefined) !== (headerValue === undefined)) throw new UsageError('--header and --header-value go together.');
    const session = openSession(options);
    const made = await session.client.call(submissionTrustRoutes.createSubmissionTrust, {
      body: {
        name,
        ...(network === undefined ? { kind: 'certificate', value: certificate ?? '' } : { kind: 'network', value: network }),
        ...(header === undefined || headerValue === undefined ? {} : { requiredHeader: { name: header, value: secretIn(headerValue) } }),
      },
    });
    if (session.json) return writeJson(made);
    note(`Mail is taken from ${made.value} now (${made.id}).`);
  });

verb(trustCommand, 'revoke', 'end the trust in a mail system: the gateway takes no more mail on it')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(submissionTrustRoutes.listSubmissionTrusts);
      const found = items.find((one) => one.id === id);
      const what = found ? `${found.name} (${found.value})` : id;
      return [`Revoke the trust in ${what}. What hands mail in on it is refused at once. This cannot be undone.`];
    });
    await session.client.call(submissionTrustRoutes.revokeSubmissionTrust, { params: { id } });
    note(`Revoked the trust ${id}.`);
  });
