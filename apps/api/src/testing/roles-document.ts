import { permissions, roleMay, roleNames, type Permission, type Role } from '@signet/domain/role';
import { permissionsOf, type Operation } from './access-table.ts';

const roleWords = {
  admin: 'Runs Signet for the organization: configuration, members, keys; reads the trail; revokes and restores.',
  compliance: 'Answers for what became of messages: reads the trail and the admin records, acknowledges alerts, revokes and restores.',
  auditor: 'Reads everything that is on record, and changes nothing.',
  helpdesk: 'Sees whether a message was delivered, and has mail tried again. Does not see who read it: no trail.',
} as const satisfies Record<Role, string>;

const permissionWords = {
  'configuration:read': 'see the configuration',
  'configuration:write': 'change the configuration',
  'messages:read': 'see messages, without content',
  'messages:write': 'submit messages and change when they expire',
  'messages:resend': 'send a message’s mail again, and try mail again that was not delivered',
  'messages:revoke': 'revoke and restore messages',
  'audit:read': 'read the trail',
  'holds:write': 'hold entries and content, and release what is held',
  'audit:write': 'import records into the trail; with an API key, add events to it',
  'audit:erase': 'have single entries of the trail erased, as a law demands',
  'admin:read': 'read the admin records',
  'members:write': 'manage members and API keys',
  'alerts:write': 'acknowledge alerts',
} as const satisfies Record<Permission, string>;

/** Credentials as the document's ways to be let in name them, in the words of people. */
const schemeWords: Readonly<Record<string, string>> = {
  memberSession: 'a signed-in member, whatever their role',
  recipientSession: 'a signed-in recipient, for their own message alone',
  senderSession: 'a signed-in sender, for their own messages alone',
};

/**
 * The roles and what each may do, as a page of the documentation.
 * @param recorded operations whose refusal leaves an admin record.
 */
export function rolesDocument(operations: readonly Operation[], recorded: ReadonlySet<string>): string {
  const byPermission = Map.groupBy(operations, (operation) => permissionsOf(operation).join(' and '));
  const rest = byPermission.get('') ?? [];
  byPermission.delete('');
  const routes = [...byPermission].toSorted(([a], [b]) => orderOf(a) - orderOf(b) || a.localeCompare(b));
  return [
    '# Who may do what',
    'Made from the table of roles (`packages/domain/src/role.ts`) and from the API’s own description. A test asks every route as every role, with every scope, and as nobody, and fails when this page or an answer says something else. After a change, `npx vitest run access-matrix -u` in `apps/api` writes the page anew.',
    'No role and no API key reads the content of a message. Only its recipients and its sender do.',
    '## Roles of members',
    table(
      ['role', 'what for'],
      roleNames.map((role) => [`**${role}**`, roleWords[role]]),
    ),
    table(
      ['permission', 'means', ...roleNames],
      permissions.map((permission) => [
        `\`${permission}\``,
        permissionWords[permission],
        ...roleNames.map((role) => (roleMay(role, permission) ? '●' : '')),
      ]),
    ),
    'Besides members there are:',
    [
      '- **senders**: they see and revoke their own messages, and nothing of a colleague’s;',
      '- **recipients**: they read the message that their link belongs to, once they have proved to own the address;',
      '- **API keys**: a program with some of these permissions, called scopes. Nobody can give a key a scope that they do not have themselves.',
    ].join('\n'),
    'A member’s session counts only together with the portal’s secret: a stolen one opens nothing from elsewhere.',
    '## Routes by permission',
    'Without a credential the answer is 401. With one that lacks the permission it is 403, and what is marked ● then leaves an admin record. Where ◆ stands under “again”, a member must have proved within the last quarter of an hour who they are: 403 `reauthentication_required` otherwise.',
    'Where the organization asks its members for a second factor, a member who has none may set one up, and nothing else: 403 `second_factor_required`.',
    ...routes.flatMap(([wanted, list]) => [
      `### ${wanted
        .split(' and ')
        .map((permission) => `\`${permission}\``)
        .join(' and ')}`,
      `Roles: ${roleNames.filter((role) => wanted.split(' and ').every((one) => permissions.some((held) => held === one && roleMay(role, held)))).join(', ') || 'none; API keys only'}.`,
      table(
        ['route', 'what it does', 'refusal recorded', 'again'],
        list.map((operation) => [...linesOf(operation), recorded.has(operation.operationId) ? '●' : '', againOf(operation)]),
      ),
    ]),
    '## Routes without a permission',
    table(
      ['route', 'what it does', 'who', 'again'],
      rest.map((operation) => [...linesOf(operation), whoMay(operation), againOf(operation)]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function orderOf(wanted: string): number {
  return permissions.findIndex((permission) => wanted.startsWith(permission));
}

function linesOf({ method, path, summary }: Operation): [string, string] {
  return [`\`${method} ${path}\``, summary];
}

function againOf(operation: Operation): string {
  return operation['x-recent-authentication'] ? '◆' : '';
}

function whoMay({ security }: Operation): string {
  if (security.length === 0) return 'anybody';
  const ways = security.map((way) => Object.keys(way).find((scheme) => scheme !== 'portalSecret'));
  return ways.map((scheme) => (scheme === undefined ? 'the portal’s server' : (schemeWords[scheme] ?? scheme))).join(', or ');
}

/** A table of Markdown, its columns as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
