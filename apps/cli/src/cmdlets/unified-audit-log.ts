import { auditEntryRoutes } from '@signet/api-contract/audit-entries';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { microsoftOperations, writeMicrosoftRecord } from '@signet/domain/audit/microsoft-record';
import { UsageError } from '../failure.ts';
import { write, writeJson } from '../output.ts';
import { Sureness } from '../pages.ts';
import { printableJson } from '../printable.ts';
import { defineCmdlet } from './cmdlet.ts';
import { formatList } from './power-shell-format.ts';
import type { Properties } from './power-shell-format.ts';
import { suggestion } from './read-arguments.ts';

const PAGING = 'one call gives up to 5,000 entries; signet audit list --all gives all there are';

/** Operations as Microsoft spells them; the sign-in has two spellings. */
function operationsOf(names: readonly string[] = microsoftOperations): (typeof microsoftOperations)[number][] {
  return names.map((name) => {
    const wanted = name.toLowerCase() === 'authenticationrequest' ? 'authenticaterequest' : name.toLowerCase();
    const found = microsoftOperations.find((operation) => operation.toLowerCase() === wanted);
    if (found !== undefined) return found;
    const advice = suggestion(name, microsoftOperations) || ' Signet’s own operations: signet audit list --operation';
    throw new UsageError(`-Operations: OMEPortal has no ${name}.${advice}`);
  });
}

function propertiesOf(entry: AuditEntry, index: number, count: number): Properties {
  return [
    ['RecordType', 'OMEPortal'],
    ['CreationDate', entry.creationTime],
    ['UserIds', entry.sender],
    ['Operations', entry.operation],
    ['AuditData', printableJson(writeMicrosoftRecord(entry))],
    ['ResultIndex', index + 1],
    ['ResultCount', count],
    ['Identity', entry.id],
  ];
}

export const searchUnifiedAuditLog = defineCmdlet({
  name: 'Search-UnifiedAuditLog',
  summary: 'the portal’s audit entries, newest first',
  changes: false,
  parameters: {
    StartDate: { type: 'DateTime', mandatory: true },
    EndDate: { type: 'DateTime', mandatory: true },
    UserIds: { type: 'String[]' },
    Operations: { type: 'String[]' },
    RecordType: { type: 'String' },
    ResultSize: { type: 'Int32' },
  },
  refused: {
    Formatted: 'the record type is always written by its name',
    FreeText: 'entries are searched by their fields, not as text; signet audit list takes --subject, --recipient and --message',
    HighCompleteness: 'every search looks at all there is, and says when steps are still on their way',
    IPAddresses: 'entries are not searched by address; AuditData does not have it either',
    LongerRetentionEnabled: 'there is one log, with all entries',
    ObjectIds: 'use signet audit list --message',
    SessionCommand: PAGING,
    SessionId: PAGING,
    SiteIds: 'there are no sites',
  },
  async run({ StartDate: from, EndDate: to, UserIds: users = [], Operations, RecordType = 'OMEPortal', ResultSize = 100 }, run) {
    if (!/^(omeportal|154)$/i.test(RecordType)) throw new UsageError('-RecordType takes OMEPortal alone: there are no other records here.');
    if (ResultSize < 1 || ResultSize > 5000) throw new UsageError(`-ResultSize takes 1 to 5000, not ${ResultSize}.`);
    if (users.length > 1) throw new UsageError('-UserIds takes one sender at a time.');
    const query = { from, to, operation: operationsOf(Operations), sender: users[0], limit: ResultSize };
    let page = await run.client.call(auditEntryRoutes.listAuditEntries, { query });
    const { previousCursor } = page;
    const sureness = new Sureness();
    sureness.add(page, ResultSize);
    const entries = [...page.items];
    const verdicts = [...page.verdicts];
    // A page may end before it is full, where the search came to its budget.
    while (entries.length < ResultSize && page.nextCursor !== null) {
      const rest = { ...query, limit: ResultSize - entries.length, cursor: page.nextCursor };
      page = await run.client.call(auditEntryRoutes.listAuditEntries, { query: rest });
      sureness.add(page, rest.limit);
      entries.push(...page.items);
      verdicts.push(...page.verdicts);
    }
    sureness.say();
    if (run.json) {
      const { through: indexedThrough, isWaiting } = sureness;
      return writeJson({ ...page, items: entries, verdicts, previousCursor, indexedThrough, complete: page.complete && !isWaiting });
    }
    return write(formatList(entries.map((entry, index) => propertiesOf(entry, index, entries.length))));
  },
});
