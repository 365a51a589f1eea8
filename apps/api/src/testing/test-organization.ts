import { ingestAdminEvents, ingestAuditEvents } from '@signet/db/ingest';
import { demoOrganizations, type DemoOrganization } from '../organization/demo-organizations.ts';
import { ensureOrganization, issueAccess, type OrganizationAccess } from '../organization/seed-organization.ts';
import type { TestApi } from './test-api.ts';

/** One of the demo's organizations in a test's database, with all that opens it. */
export interface TestOrganization extends OrganizationAccess {
  readonly organizationId: string;
}

/** Makes a demo organization for the test. */
export async function createTestOrganization(api: TestApi, name: DemoOrganization = 'acme'): Promise<TestOrganization> {
  const organization = demoOrganizations[name];
  const organizationId = await ensureOrganization(api, organization);
  return { organizationId, ...(await issueAccess(api.database, organizationId, organization.domains[0])) };
}

/** An answer of the api: its status, headers, text, and the text read as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty where the answer is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks the api with a credential. @param body an object is sent as JSON, text as a mail. */
export async function ask(
  api: { readonly url: string },
  request: `${string} /${string}`,
  options: { key?: string; headers?: Record<string, string>; body?: object | string | undefined } = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(/ (.*)/);
  const headers = new Headers(options.headers);
  if (options.key !== undefined) headers.set('authorization', `Bearer ${options.key}`);
  const init: RequestInit = { method, headers };
  if (typeof options.body === 'object') {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(options.body);
  } else if (options.body !== undefined) {
    headers.set('content-type', 'message/rfc822');
    init.body = options.body;
  }
  const response = await fetch(`${api.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: readJson(text) };
}

function readJson(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body'];
  } catch {
    return {};
  }
}

/** A small mail with one attachment. */
export function sampleMail({
  from = 'alice@acme.example',
  subject = 'Quarterly figures',
  messageId = '<m1@acme.example>',
  template = '',
} = {}) {
  return [
    `From: ${from}`,
    'To: Bob <bob@example.net>',
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    'Date: Sun, 22 Nov 2026 10:00:00 +0000',
    ...(template === '' ? [] : [`X-Signet-Template: ${template}`]),
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'The figures are attached.',
    '--b',
    'Content-Type: text/csv; name="figures.csv"',
    'Content-Disposition: attachment; filename="figures.csv"',
    '',
    'a,b',
    '--b--',
    '',
  ].join('\r\n');
}

/** Submits a mail for recipients, as a program would. @returns the message's id. */
export async function submitMail(
  api: { readonly url: string },
  { apiKey }: { readonly apiKey: string },
  mail: Parameters<typeof sampleMail>[0] = {},
  recipients: readonly string[] = ['bob@example.net'],
): Promise<string> {
  const sender = mail.from ?? 'alice@acme.example';
  const query = new URLSearchParams([['sender', sender], ...recipients.map((recipient): [string, string] => ['recipient', recipient])]);
  const answer = await ask(api, `POST /v1/messages?${query.toString()}`, { key: apiKey, body: sampleMail(mail) });
  if (answer.status !== 202) throw new Error(`The mail was not accepted: ${answer.text}`);
  return String(answer.body['id']);
}

/** Does what the worker does with events that wait: makes entries and records of them. */
export async function ingestAll({ database }: TestApi): Promise<void> {
  const rows = await database.system.query<{ id: number; kind: string }>(
    "select id, kind from outbox where kind like 'ingest-%' order by id",
  );
  const idsOf = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => String(row.id));
  await ingestAuditEvents(database.system, idsOf('ingest-audit-event'));
  await ingestAdminEvents(database.system, idsOf('ingest-admin-event'));
}
