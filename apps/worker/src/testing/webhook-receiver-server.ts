import { once } from 'node:events';
import { createServer as createServerInClear, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { addWebhook, listWebhooks, type StoredWebhook, type WebhookFacts } from '@signet/db/webhook';
import { appendAuditEvents } from '@signet/db/audit';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import type { AuditEntry } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { ingestAll } from './sealed-log.ts';
import type { TestWorker } from './test-worker.ts';

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers as it is told to; 204 where nothing is said. With a certificate it speaks TLS. */
export async function startReceiver(certificate?: { readonly cert: string; readonly key: string }) {
  const requests: ReceivedRequest[] = [];
  const behaviour: { answer: (response: ServerResponse, count: number) => void } = {
    answer: (response) => void response.writeHead(204).end(),
  };
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      requests.push({ headers: request.headers, body });
      behaviour.answer(response, requests.length);
    });
  };
  const server = certificate ? createServer(certificate, listener) : createServerInClear(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = certificate ? `https://localhost:${port}/hook` : `http://127.0.0.1:${port}/hook`;
  return { url, port, requests, behaviour, entries: () => requests.flatMap(entriesIn) };
}

/** The entries of one request; none in a test. */
export function entriesIn({ body }: ReceivedRequest): AuditEntry[] {
  return (JSON.parse(body) as { data: { entries?: AuditEntry[] } }).data.entries ?? [];
}

/** Adds a webhook as the api does. @returns it and its secret. */
export async function nameWebhook(
  { database, vault, organization }: TestWorker,
  { url, ...given }: Pick<WebhookFacts, 'url'> & Partial<WebhookFacts>,
): Promise<{ id: string; secret: Uint8Array }> {
  const id = newId();
  const scope = database.forOrganization(organization.id);
  const key = await findActiveKey(scope);
  const secret = randomBytes(32);
  const sealed = await vault.sealSecret(key, { organizationId: organization.id, purpose: 'webhook-secret', id }, secret);
  const webhook = { id, name: 'test', url, operations: [], enabled: true, alerts: false, entries: true, checkpoints: false, ...given };
  await scope.transaction((tx) => addWebhook(tx, webhook, { sealed, organizationKeyId: key.keyId }));
  return { id, secret };
}

export async function webhookOf({ database, organization }: TestWorker, id: string): Promise<StoredWebhook> {
  const found = (await listWebhooks(database.forOrganization(organization.id))).find((webhook) => webhook.id === id);
  if (!found) throw new Error('The webhook is gone');
  return found;
}

/** Records steps of messages, in this order, and ingests them. */
export async function recordSteps(
  worker: TestWorker,
  steps: readonly (readonly [messageId: string, operation: Operation])[],
): Promise<void> {
  const { database, organization } = worker;
  await database.forOrganization(organization.id).transaction((tx) =>
    appendAuditEvents(
      tx,
      steps.map(([messageId, operation]) => ({
        id: newId(),
        version: 1,
        source: 'signet',
        operation,
        creationTime: new Date().toISOString(),
        organizationId: organization.id,
        messageId,
        messageUid: null,
        recipients: ['bob@example.net'],
        sender: 'alice@acme.example',
        authenticationMethod: null,
        authenticationStatus: null,
        operationStatus: 'Success',
        attachmentName: null,
        operationProperties: [],
        actor: { kind: 'system', id: null, address: null },
        clientIp: null,
        userAgent: null,
      })),
    ),
  );
  await ingestAll(worker);
}

/** Makes what waits due, and what a killed process had in hand free, as time would: a moment ago, since what is kept of a time may be rounded up. */
export async function passWebhookTime({ system }: TestWorker): Promise<void> {
  await system.query("update webhook set next_attempt_at = clock_timestamp() - interval '1 ms', lease_id = null, leased_until = null");
}
