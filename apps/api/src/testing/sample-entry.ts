import { expect } from 'vitest';
import type { TestApi } from './test-api.ts';
import { ask, ingestAll, type TestOrganization } from './test-organization.ts';

/** Has a step stated as another system states it, for `addBulkEntries` to make others like it. @returns its Message-ID. */
export async function addSampleEntry(api: TestApi, { apiKey }: TestOrganization): Promise<string> {
  const event = {
    id: crypto.randomUUID(),
    operation: 'MessageAccess',
    creationTime: '2026-01-01T00:00:00.000Z',
    messageId: '<sample@acme.example>',
    sender: 'alice@acme.example',
    recipients: ['bob@example.net'],
    operationStatus: 'Success',
  };
  expect((await ask(api, 'POST /v1/audit-events', { key: apiKey, body: { events: [event] } })).status).toBe(202);
  await ingestAll(api);
  return event.messageId;
}
