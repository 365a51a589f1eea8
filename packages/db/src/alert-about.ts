import type { LogStream } from '@signet/domain/log/checkpoint';

/** What of the organization's own an alert is about, as far as that is still there. Never whom. */
export interface AlertThing {
  readonly webhook: NamedThing | null;
  readonly syslog: NamedThing | null;
  readonly apiKey: NamedThing | null;
  readonly log: LogStream | null;
}

interface NamedThing {
  readonly id: string;
  readonly name: string;
}

const named = (row: string) => `case when ${row}.id is not null then json_build_object('id', ${row}.id, 'name', ${row}.name) end`;

/** The columns of `AlertThing`, of an alert `a` with `withThing`. */
export const thingColumns = `${named('own_webhook')} as webhook, ${named('own_syslog')} as syslog, ${named('own_key')} as "apiKey",
  case when a.subject in ('audit', 'admin') then a.subject end as log`;

/** Joins to an alert `a` what it is about. */
export const withThing = `
  left join webhook own_webhook on a.kind in ('webhookDisabled', 'webhookStuck')
    and own_webhook.organization_id = a.organization_id and own_webhook.id = a.about_id
  left join syslog_destination own_syslog on a.kind in ('syslogDisabled', 'syslogStuck')
    and own_syslog.organization_id = a.organization_id and own_syslog.id = a.about_id
  left join api_key own_key on a.kind = 'feedStuck' and own_key.organization_id = a.organization_id and own_key.id = a.about_id`;
