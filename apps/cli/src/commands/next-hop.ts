import { Option } from '@commander-js/extra-typings';
import { nextHopRoutes, type NextHop } from '@signet/api-contract/next-hops';
import { nextHopTlsModes } from '@signet/domain/next-hop';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, writeJson, writeTable } from '../output.ts';
import { secretIn } from '../file-in.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<NextHop>[] = [
  { head: 'Domain', value: ({ domain }) => domain ?? 'all others' },
  { head: 'Host', value: ({ host }) => host },
  { head: 'Port', value: ({ port }) => port },
  { head: 'TLS', value: ({ tls }) => tls },
  { head: 'User name', value: ({ username }) => username },
  { head: 'Id', value: ({ id }) => id },
];

const tls = () =>
  new Option('--tls <mode>', 'TLS from the first byte, STARTTLS or nothing, STARTTLS where it is offered').choices(nextHopTlsModes);
const domainHelp = 'whose recipients’ mail goes there, as acme.example, or *.acme.example for the domains below it';
const passwordHelp = 'the file that holds the password and nothing else; - for standard input';

export const nextHopCommand = noun('next-hop', 'mail servers that the organization’s mail goes to, by the recipient’s domain');

verb(nextHopCommand, 'list', 'the mail servers that the organization’s mail goes to').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(nextHopRoutes.listNextHops);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(nextHopCommand, 'add', 'send mail to a mail server from now on')
  .argument('<host>')
  .option('--domain <domain>', `${domainHelp}; without it: all others`)
  .option('--port <port>', 'preset: 465 with implicit TLS, else 587', Number)
  .addOption(tls().default('required' as const))
  .option('--username <name>', 'who signs in; nobody without it')
  .option('--password <file>', passwordHelp)
  .action(async (host, { domain, port, tls: mode, username, password, ...options }) => {
    const session = openSession(options);
    const made = await session.client.call(nextHopRoutes.createNextHop, {
      body: {
        domain: domain ?? null,
        host,
        port: port ?? (mode === 'implicit' ? 465 : 587),
        tls: mode,
        username: username ?? null,
        ...(password === undefined ? {} : { password: secretIn(password) }),
      },
    });
    if (session.json) return writeJson(made);
    note(`Mail to ${made.domain ?? 'all other domains'} goes to ${made.host}:${made.port} now (${made.id}).`);
  });

verb(nextHopCommand, 'set', 'change a next hop; what is not given stays')
  .argument('<id>')
  .option('--domain <domain>', domainHelp)
  .option('--all-others', 'all domains that no other next hop names')
  .option('--host <host>')
  .option('--port <port>', 'a number', Number)
  .addOption(tls())
  .option('--username <name>', 'who signs in')
  .option('--no-sign-in', 'nobody signs in any more; the password is forgotten')
  .option('--password <file>', passwordHelp)
  .action(async (id, { domain, allOthers, host, port, tls: mode, username, signIn, password, ...options }) => {
    if (domain !== undefined && allOthers) throw new UsageError('--domain and --all-others exclude each other.');
    if (!signIn && (username !== undefined || password !== undefined))
      throw new UsageError('--no-sign-in needs no user name and no password.');
    const session = openSession(options);
    const changed = await session.client.call(nextHopRoutes.changeNextHop, {
      params: { id },
      body: {
        ...(allOthers ? { domain: null } : domain === undefined ? {} : { domain }),
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
        ...(mode === undefined ? {} : { tls: mode }),
        ...(!signIn ? { username: null } : username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password: secretIn(password) }),
      },
    });
    if (session.json) return writeJson(changed);
    note(`Mail to ${changed.domain ?? 'all other domains'} goes to ${changed.host}:${changed.port} now.`);
  });

verb(nextHopCommand, 'remove', 'remove a next hop: its mail goes to the one for all others, or to the installation’s')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(nextHopRoutes.listNextHops);
      const found = items.find((hop) => hop.id === id);
      const what = found ? `${found.host} for ${found.domain ?? 'all other domains'}` : id;
      return [`Remove ${what}. From the next mail on another next hop takes what went there. Its password is forgotten.`];
    });
    await session.client.call(nextHopRoutes.removeNextHop, { params: { id } });
    note(`Removed the next hop ${id}.`);
  });
