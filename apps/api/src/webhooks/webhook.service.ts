import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { FieldError } from '@signet/api-contract/problem';
import type { BodyOf } from '@signet/api-contract/route';
import type { Webhook, WebhookDelivery, webhookRoutes } from '@signet/api-contract/webhooks';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { auditLogSize } from '@signet/db/audit-walk';
import { Database, newId, type OrganizationTransaction } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import {
  addWebhook,
  askForTest,
  changeWebhook,
  listWebhookDeliveries,
  listWebhooks,
  lockWebhooks,
  placeOfTime,
  removeWebhook,
  replayWebhook,
  rotateWebhookSecret,
  type SealedWebhookSecret,
  type StoredWebhook,
  type WebhookFacts,
} from '@signet/db/webhook';
import type { AdminAction } from '@signet/domain/audit/admin-record';
import type { Operation } from '@signet/domain/audit/operation';
import { faultOfReceiver, receiverInRecords, WEBHOOK_LIMIT } from '@signet/domain/webhook';
import { Vault } from '@signet/vault/vault';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { limitTries } from '../authentication/try-limit.ts';
import type { Settings } from '../env.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';

/** Bytes of a secret (Standard Webhooks: 24 to 64). */
const SECRET_BYTES = 32;

/** The receivers that the audit log is sent to. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list(caller: Administrator): Promise<Webhook[]> {
    return (await listWebhooks(this.#scope(caller))).map(shown);
  }

  async create(caller: Administrator, given: BodyOf<typeof webhookRoutes.createWebhook>): Promise<Webhook & { secret: string }> {
    const webhook = { ...given, id: newId(), ...storedOperations(given.operations) };
    this.#refuse(webhook);
    const { secret, sealed } = await this.#makeSecret(caller, webhook.id);
    return this.#scope(caller).transaction(async (tx) => {
      if ((await lockWebhooks(tx)).length >= WEBHOOK_LIMIT)
        throw new ProblemError('too_many', { detail: `An organization has at most ${WEBHOOK_LIMIT} webhooks` });
      await addWebhook(tx, webhook, sealed);
      await record(tx, caller, 'WebhookCreate', webhook.id, null, recorded(webhook));
      return { ...shown(await find(tx, webhook.id)), secret };
    });
  }

  /** What is so already is no change. */
  async change(caller: Administrator, id: string, given: BodyOf<typeof webhookRoutes.changeWebhook>): Promise<Webhook> {
    return this.#scope(caller).transaction(async (tx) => {
      const before = await find(tx, id);
      const { name = before.name, url = before.url, enabled = before.enabled, alerts = before.alerts } = given;
      const { checkpoints = before.checkpoints, operations = shownOperations(before) } = given;
      const after = { name, url, ...storedOperations(operations), enabled, alerts, checkpoints };
      this.#refuse(after, before.url);
      const [was, is] = [recorded(before), recorded(after)];
      if (url === before.url && JSON.stringify(is) === JSON.stringify(was)) return shown(before);
      await changeWebhook(tx, id, after);
      // Else nothing would tell of a change of what records do not show.
      const hidden = url !== before.url && is.url === was.url ? { queryChanged: true } : {};
      await record(tx, caller, 'WebhookChange', id, was, { ...is, ...hidden });
      return shown(await find(tx, id));
    });
  }

  async remove(caller: Administrator, id: string): Promise<void> {
    await this.#scope(caller).transaction(async (tx) => {
      const before = await find(tx, id);
      await removeWebhook(tx, id);
      await record(tx, caller, 'WebhookRemove', id, recorded(before), null);
    });
  }

  async rotateSecret(caller: Administrator, id: string): Promise<Webhook & { secret: string }> {
    const { secret, sealed } = await this.#makeSecret(caller, id);
    return this.#scope(caller).transaction(async (tx) => {
      await find(tx, id);
      const until = await rotateWebhookSecret(tx, id, sealed);
      await record(tx, caller, 'WebhookSecretRotate', id, null, { formerSecretUntil: until.toISOString() });
      return { ...shown(await find(tx, id)), secret };
    });
  }

  async test(caller: Administrator, id: string): Promise<{ eventId: string }> {
    await limitTries(this.database.system, 'webhook-test:organization', caller.organizationId);
    return this.#scope(caller).transaction(async (tx) => {
      if (!(await find(tx, id)).enabled) throw new ProblemError('webhook_disabled');
      const eventId = newId();
      await askForTest(tx, id, eventId);
      await record(tx, caller, 'WebhookTest', id, null, { eventId });
      return { eventId };
    });
  }

  async replay(caller: Administrator, id: string, { index, from }: BodyOf<typeof webhookRoutes.replayWebhook>): Promise<Webhook> {
    const scope = this.#scope(caller);
    const size = await auditLogSize(scope);
    return scope.transaction(async (tx) => {
      const before = await find(tx, id);
      if (index !== undefined && index > size)
        throw invalid([{ pointer: '/index', detail: `must lie in the log, which has ${size} places, or be its size` }]);
      const place = index ?? (from === undefined ? size : ((await placeOfTime(tx, new Date(from))) ?? size));
      await replayWebhook(tx, id, place);
      await record(tx, caller, 'WebhookReplay', id, { nextIndex: before.nextIndex }, { nextIndex: place });
      return shown(await find(tx, id));
    });
  }

  async deliveries(caller: Administrator, id: string): Promise<WebhookDelivery[]> {
    const found = await listWebhookDeliveries(this.#scope(caller), id);
    if (!found) throw notFound();
    return found.map(({ sentAt, nextAttemptAt, ...delivery }) => ({
      ...delivery,
      sentAt: sentAt.toISOString(),
      nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    }));
  }

  #scope(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }

  async #makeSecret(caller: Administrator, id: string): Promise<{ secret: string; sealed: SealedWebhookSecret }> {
    const bytes = randomBytes(SECRET_BYTES);
    const organizationKey = await findActiveKey(this.#scope(caller));
    const context = { organizationId: caller.organizationId, purpose: 'webhook-secret', id } as const;
    const sealed = await this.vault.sealSecret(organizationKey, context, bytes);
    return { secret: `whsec_${bytes.toString('base64')}`, sealed: { sealed, organizationKeyId: organizationKey.keyId } };
  }

  /** @throws {ProblemError} 400 that names each field that is wrong. What a name leads to is looked at whenever somebody connects. */
  #refuse({ url, entries, alerts, checkpoints }: WebhookFacts, knownUrl?: string): void {
    const fault = url === knownUrl ? null : faultOfReceiver(url, this.settings.WEBHOOK_NETWORKS ?? [], (host) => isIP(host) !== 0);
    const faults: FieldError[] = fault === null ? [] : [{ pointer: '/url', detail: fault }];
    if (!entries && !alerts && !checkpoints)
      faults.push({ pointer: '/operations', detail: 'must name a step where neither alerts nor checkpoints are sent' });
    if (faults.length > 0) throw invalid(faults);
  }
}

/** A webhook, held with the others. @throws {ProblemError} 404 where the organization has none of this id. */
async function find(tx: OrganizationTransaction, id: string): Promise<StoredWebhook> {
  const found = (await lockWebhooks(tx)).find((webhook) => webhook.id === id);
  if (!found) throw notFound();
  return found;
}

type Facts = NonNullable<AdminAct['before']> | null;

function record(
  tx: OrganizationTransaction,
  caller: Administrator,
  action: AdminAction,
  id: string,
  before: Facts,
  after: Facts,
): Promise<void> {
  return appendAdminRecord(tx, { ...actBy(caller), action, target: { kind: 'webhook', id }, before, after });
}

/** What a record says of a webhook: all but its secret, and of its URL nothing that may be one. */
function recorded({ name, url, enabled, alerts, checkpoints, ...chosen }: WebhookFacts) {
  return { name, url: receiverInRecords(url), operations: shownOperations(chosen), enabled, alerts, checkpoints };
}

/** Null where entries of all operations are sent, empty where none are. In the database no operation stands for all. */
function shownOperations({ operations, entries }: Pick<WebhookFacts, 'operations' | 'entries'>): Operation[] | null {
  return entries && operations.length === 0 ? null : [...operations];
}

function storedOperations(operations: readonly Operation[] | null) {
  return { operations: operations ?? [], entries: operations?.length !== 0 };
}

function shown({ operations, entries, attempts, nextAttemptAt, formerUntil, createdAt, ...webhook }: StoredWebhook): Webhook {
  return {
    ...webhook,
    operations: shownOperations({ operations, entries }),
    failedAttempts: attempts,
    nextAttemptAt: attempts > 0 && webhook.enabled ? nextAttemptAt.toISOString() : null,
    formerSecretUntil: formerUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
