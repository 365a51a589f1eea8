import { Option } from '@commander-js/extra-typings';
import { alertRoutes, type Alert } from '@signet/api-contract/alerts';
import { alertKinds, alertStates, alertTexts, alertWords } from '@signet/domain/alert';
import { listing, noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { NotDone } from '../failure.ts';
import { note, writeFields, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<Alert>[] = [
  { head: 'Last seen', value: ({ lastSeen }) => lastSeen },
  { head: 'What', value: ({ kind }) => alertWords[kind] },
  { head: 'About', value: aboutOf },
  { head: 'Times', value: ({ count }) => count },
  { head: 'State', value: stateOf },
  { head: 'Id', value: ({ id }) => id },
];

function aboutOf({ about: { message, recipient, webhook, syslog, apiKey, log } }: Alert): string {
  const named = webhook?.name ?? syslog?.name ?? apiKey?.name ?? (log === null ? null : `${log} log`);
  return [recipient, message?.messageId, named].filter((part) => part !== null && part !== undefined).join(' ');
}

function stateOf({ state, acknowledgement }: Alert): string {
  return acknowledgement === null ? state : `${state}, seen by ${acknowledgement.by.name}`;
}

function fieldsOf(alert: Alert): [string, unknown][] {
  const { acknowledgement } = alert;
  return [
    ['Alert', alertWords[alert.kind]],
    ['State', alert.state],
    ['About', aboutOf(alert)],
    ['Times', alert.count],
    ['First seen', alert.firstSeen],
    ['Last seen', alert.lastSeen],
    ['Over since', alert.resolvedAt],
    ['Entries waiting', alert.waiting],
    ['Detail', alert.detail],
    ['What it means', alertTexts[alert.kind].text],
    ['What to do', alert.state === 'open' ? alertTexts[alert.kind].advice : null],
    ['Acknowledged', acknowledgement && `${acknowledgement.at} by ${acknowledgement.by.name}`],
  ];
}

export const alertCommand = noun('alert', 'what needs somebody’s attention');

listing(alertCommand, 'list', 'alerts, the latest first')
  .addOption(new Option('--state <state>').choices(alertStates))
  .addOption(new Option('--kind <kind...>').choices(alertKinds))
  .option('--unacknowledged', 'those that nobody has acknowledged')
  .action(async ({ json, config, limit, cursor, all, state, kind, unacknowledged }) => {
    const session = openSession({ json, config });
    const query = { state, kind, ...(unacknowledged ? { acknowledged: 'false' as const } : {}) };
    await writePages(session, { limit, cursor, all, largestPage: 500 }, columns, (page) =>
      session.client.call(alertRoutes.listAlerts, { query: { ...query, ...page } }),
    );
  });

verb(alertCommand, 'summary', 'how many are open; exit code 1 where nobody has acknowledged some').action(async (options) => {
  const session = openSession(options);
  const counts = await session.client.call(alertRoutes.getAlertSummary);
  await (session.json
    ? writeJson(counts)
    : writeFields([
        ['Open', counts.open],
        ['Not acknowledged', counts.unacknowledged],
      ]));
  if (counts.unacknowledged > 0) throw new NotDone('Nobody has acknowledged some: signet alert list --unacknowledged');
});

verb(alertCommand, 'show', 'all that is known of an alert')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const found = await session.client.call(alertRoutes.getAlert, { params: { id } });
    await (session.json ? writeJson(found) : writeFields(fieldsOf(found)));
  });

verb(alertCommand, 'acknowledge', 'say that an alert was seen; it stays open while what it is about lasts')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const found = await session.client.call(alertRoutes.acknowledgeAlert, { params: { id } });
    if (session.json) return writeJson(found);
    note(`${alertWords[found.kind]}: acknowledged by ${found.acknowledgement?.by.name ?? 'nobody'}.`);
  });
