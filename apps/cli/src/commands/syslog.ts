import { setTimeout as sleep } from 'node:timers/promises';
import { syslogDestinationRoutes, type SyslogDestination } from '@signet/api-contract/syslog-destinations';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { fileIn, secretIn } from '../file-in.ts';
import { note, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<SyslogDestination>[] = [
  { head: 'Name', value: ({ name }) => name },
  { head: 'Host', value: ({ host }) => host },
  { head: 'Port', value: ({ port }) => port },
  { head: 'State', value: stateOf },
  { head: 'Next place', value: ({ nextIndex }) => nextIndex },
  { head: 'Last sent', value: ({ lastSentAt }) => lastSentAt },
  { head: 'Last error', value: ({ lastError }) => lastError?.error ?? null },
  { head: 'Id', value: ({ id }) => id },
];

function stateOf({ enabled, failure, failedAttempts }: SyslogDestination): string {
  if (!enabled) return failure === null ? 'disabled' : `disabled by Signet (${failure})`;
  return failedAttempts === 0 ? 'enabled' : `${failedAttempts} failed`;
}

const textIn = (file: string) => fileIn(file).toString('utf8');
const authorityHelp = 'the PEM file of who vouches for the receiver, where not everybody knows them';
const certificateHelp = 'the PEM file of the certificate that Signet shows to the receiver';
const keyHelp = 'the PEM file of its key; - for standard input';
const sizeHelp = 'what the receiver takes as one message, in bytes';

export const syslogCommand = noun('syslog', 'receivers that audit entries are sent to as syslog over TLS');

verb(syslogCommand, 'list', 'where audit entries are sent to as syslog').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(syslogDestinationRoutes.listSyslogDestinations);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(syslogCommand, 'add', 'send what is recorded from now on')
  .argument('<host>')
  .requiredOption('--name <name>')
  .option('--port <port>', 'preset: 6514', Number)
  .option('--ca <file>', authorityHelp)
  .option('--certificate <file>', certificateHelp)
  .option('--key <file>', keyHelp)
  .option('--max-message-bytes <number>', sizeHelp, Number)
  .action(async (host, { name, port, ca, certificate, key, maxMessageBytes, ...options }) => {
    const session = openSession(options);
    const made = await session.client.call(syslogDestinationRoutes.createSyslogDestination, {
      body: {
        name,
        host,
        ...(port === undefined ? {} : { port }),
        ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
        ...(ca === undefined ? {} : { certificateAuthority: textIn(ca) }),
        ...(certificate === undefined ? {} : { clientCertificate: textIn(certificate) }),
        ...(key === undefined ? {} : { clientKey: secretIn(key) }),
      },
    });
    if (session.json) return writeJson(made);
    note(`Entries are sent to ${made.host}:${made.port} from now on (${made.id}). Try it: signet syslog test ${made.id}`);
  });

verb(syslogCommand, 'set', 'change a syslog destination; what is not given stays')
  .argument('<id>')
  .option('--name <name>')
  .option('--host <host>')
  .option('--port <port>', 'a number', Number)
  .option('--ca <file>', authorityHelp)
  .option('--public-ca', 'the authorities that everybody knows vouch for the receiver')
  .option('--certificate <file>', certificateHelp)
  .option('--key <file>', keyHelp)
  .option('--no-certificate', 'show the receiver no certificate any more; its key is forgotten')
  .option('--max-message-bytes <number>', sizeHelp, Number)
  .option('--enable', 'send, also what was recorded while nothing was sent')
  .option('--disable', 'send nothing')
  .action(async (id, { name, host, port, ca, publicCa, certificate, key, maxMessageBytes, enable, disable, ...options }) => {
    if (enable && disable) throw new UsageError('--enable and --disable exclude each other.');
    if (ca !== undefined && publicCa) throw new UsageError('--ca and --public-ca exclude each other.');
    const session = openSession(options);
    const changed = await session.client.call(syslogDestinationRoutes.changeSyslogDestination, {
      params: { id },
      body: {
        ...(name === undefined ? {} : { name }),
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
        ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
        ...(publicCa ? { certificateAuthority: null } : ca === undefined ? {} : { certificateAuthority: textIn(ca) }),
        ...(certificate === false
          ? { clientCertificate: null }
          : typeof certificate === 'string'
            ? { clientCertificate: textIn(certificate) }
            : {}),
        ...(key === undefined ? {} : { clientKey: secretIn(key) }),
        ...(enable ? { enabled: true } : disable ? { enabled: false } : {}),
      },
    });
    if (session.json) return writeJson(changed);
    note(`${changed.name}: ${changed.host}:${changed.port}, ${stateOf(changed)}.`);
  });

verb(syslogCommand, 'test', 'send a test message, and wait for what comes of it; exit code 1 where it was not taken')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const { testId } = await session.client.call(syslogDestinationRoutes.testSyslogDestination, { params: { id } });
    for (let second = 0; second < 40; second += 1) {
      const { items } = await session.client.call(syslogDestinationRoutes.listSyslogDestinations);
      const test = items.find((destination) => destination.id === id)?.lastTest;
      if (test?.testId === testId) {
        if (test.error !== null) process.exitCode = 1;
        if (session.json) return writeJson(test);
        return note(test.error === null ? 'The receiver took it.' : `The receiver did not take it: ${test.error}`);
      }
      await sleep(1_000);
    }
    process.exitCode = 1;
    note('Nothing is known of it yet: does the worker run? See `signet syslog list`.');
  });

verb(syslogCommand, 'replay', 'send entries again, from a place in the log or from a time on')
  .argument('<id>')
  .option('--index <place>', 'the place in the log that is sent first', Number)
  .option('--from <time>', 'RFC 3339')
  .action(async (id, { index, from, ...options }) => {
    if ((index === undefined) === (from === undefined)) throw new UsageError('Give --index or --from.');
    const session = openSession(options);
    const body = index === undefined ? { from: from ?? '' } : { index };
    const changed = await session.client.call(syslogDestinationRoutes.replaySyslogDestination, { params: { id }, body });
    if (session.json) return writeJson(changed);
    note(`${changed.name} is sent the log from place ${changed.nextIndex} on.`);
  });

verb(syslogCommand, 'remove', 'remove a syslog destination, and its key')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(syslogDestinationRoutes.listSyslogDestinations);
      const found = items.find((destination) => destination.id === id);
      return [
        `Remove ${found ? `${found.name} (${found.host}:${found.port})` : id}. Nothing more is sent there, and its key is forgotten.`,
      ];
    });
    await session.client.call(syslogDestinationRoutes.removeSyslogDestination, { params: { id } });
    note(`Removed the syslog destination ${id}.`);
  });
