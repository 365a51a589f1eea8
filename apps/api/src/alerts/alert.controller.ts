import { Controller } from '@nestjs/common';
import { alertRoutes, type Alert } from '@signet/api-contract/alerts';
import type { AnswerOf } from '@signet/api-contract/route';
import { acknowledgeAlert, countOpenAlerts, findAlert, listAlerts, type StoredAlert } from '@signet/db/alert';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database } from '@signet/db/database';
import { z } from 'zod';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy, asked, recordAct } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';

const { listAlerts: list, getAlertSummary: summary, getAlert: get, acknowledgeAlert: acknowledge } = alertRoutes;

@Controller()
export class AlertController {
  constructor(private readonly database: Database) {}

  /** Alerts name recipients and what they tried, so reading them is a read of the trail. */
  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) { query }: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const { limit, cursor, kind, ...filters } = query;
    const scope = this.#scope(caller);
    const cursors = new Cursors({ of: 'alerts', organization: caller.organizationId, ...filters, kind }, z.uuid());
    const acknowledged = filters.acknowledged === undefined ? undefined : filters.acknowledged === 'true';
    const { items, next } = await listAlerts(
      scope,
      { state: filters.state, acknowledged, kinds: kind },
      { limit, below: cursors.read(cursor) },
    );
    await recordAct(scope, caller, {
      action: 'AlertRead',
      target: { kind: 'alert', id: null },
      after: asked({ ...filters, kind, count: items.length }),
    });
    return { items: items.map(shown), nextCursor: cursors.write(next) };
  }

  /** Counts name nobody. */
  @Endpoint(summary)
  count(@ByAdministrator() caller: Administrator, @Input(summary) _input: InputOf<typeof summary>): Promise<AnswerOf<typeof summary>> {
    return countOpenAlerts(this.#scope(caller));
  }

  @Endpoint(get)
  async read(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    const scope = this.#scope(caller);
    const found = await findAlert(scope, params.id);
    if (!found) throw notFound();
    await recordAct(scope, caller, { action: 'AlertRead', target: { kind: 'alert', id: params.id } });
    return shown(found);
  }

  @Endpoint(acknowledge)
  async acknowledge(
    @ByAdministrator() caller: Administrator,
    @Input(acknowledge) { params: { id } }: InputOf<typeof acknowledge>,
  ): Promise<AnswerOf<typeof acknowledge>> {
    return this.#scope(caller).transaction(async (tx) => {
      const isFirst = await acknowledgeAlert(tx, id, doerOf(caller));
      const found = await findAlert(tx, id);
      if (!found) throw notFound();
      if (isFirst) {
        const { kind, messageId, recipient } = found;
        const after = { kind, messageId, recipient };
        await appendAdminRecord(tx, { ...actBy(caller), action: 'AlertAcknowledge', target: { kind: 'alert', id }, after });
      }
      return shown(found);
    });
  }

  #scope(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }
}

function shown(alert: StoredAlert): Alert {
  const { id, kind, count, waiting, detail, recipient, messageUid, messageId, webhook, syslog, apiKey, log } = alert;
  const { acknowledgedAt, acknowledgedBy } = alert;
  return {
    id,
    kind,
    state: alert.resolvedAt === null ? 'open' : 'resolved',
    count,
    firstSeen: alert.firstSeen.toISOString(),
    lastSeen: alert.lastSeen.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    acknowledgement: acknowledgedAt === null || acknowledgedBy === null ? null : { at: acknowledgedAt.toISOString(), by: acknowledgedBy },
    about: {
      message: messageUid === null || messageId === null ? null : { id: messageUid, messageId },
      recipient,
      webhook,
      syslog,
      apiKey,
      log,
    },
    waiting,
    detail,
  };
}
