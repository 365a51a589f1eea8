import { randomBytes } from 'node:crypto';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { acceptCopy, acceptMessage } from '@signet/db/accept-message';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { changeRevocation } from '@signet/db/revocation';
import { loadSubmissionSettings } from '@signet/db/submission';
import { seedOrganization, type SeedOptions } from '@signet/db/testing/seed-organization';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { ParserPool } from '@signet/intake/parser-pool';
import { submitMessage } from '@signet/intake/submit-message';
import { z } from 'zod';
import type { TestApi } from '../../testing/test-api.ts';

/** Tests begin with the sign-in of many recipients: each has a network of its own, as in life. */
let visitors = 0;

/** A recipient of a stored message, and what their browser holds. */
export interface TestRecipient {
  readonly token: string;
  readonly recipientId: string;
  readonly messageUid: string;
  readonly address: string;
  readonly visitorIp: string;
}

export interface SignedIn extends TestRecipient {
  readonly session: string;
  readonly browser: string;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  readonly json: unknown;
}

/** One organization with messages for recipients, on a running api. */
export async function createFixture(api: TestApi, options: Partial<SeedOptions> = {}) {
  const { database, vault } = api;
  const createKey = (id: string) => vault.createOrganizationKey(id);
  const organization = await seedOrganization(database, { createKey, domain: 'acme.example', ...options });
  const scope = database.forOrganization(organization.id);
  const parser = new ParserPool({ size: 1 });

  const storeMail = async (raw: Buffer, addresses: readonly string[] = ['bob@example.net']): Promise<TestRecipient[]> => {
    const sender = `alice@${organization.domain}`;
    const recipients = addresses.map((address) => ({ address }));
    const actor = { kind: 'sender', id: null, address: sender } as const;
    const stored = await submitMessage({
      vault,
      parser,
      store: {
        loadSettings: () => loadSubmissionSettings(scope, sender),
        acceptCopy: (copy) => acceptCopy(scope, copy, recipients, actor),
        accept: (message) => acceptMessage(scope, message, recipients, actor),
      },
      source: piecesOf(raw),
      organizationId: organization.id,
      messageUid: newId(),
      sender,
      recipients: addresses,
      arrival: { client: null, serverName: 'signet.example', protocol: 'HTTP' },
      loopKeys: [],
      maxBytes: 200 * 1024 * 1024,
      refuseBareNewlines: false,
    });
    if (stored.outcome !== 'accepted') throw new Error(`The mail was not stored: ${JSON.stringify(stored)}`);
    const rows = await scope.query<{ id: string; address: string; link_token: string }>(
      'select id, address, link_token from recipient where organization_id = $1 and message_uid = $2',
      [organization.id, stored.id],
    );
    return addresses.map((address) => {
      const row = rows.find((candidate) => candidate.address === address);
      if (!row) throw new Error(`${address} is no recipient`);
      visitors += 1;
      const visitorIp = `198.51.${visitors >> 8}.${visitors & 255}`;
      return { token: row.link_token, recipientId: row.id, messageUid: stored.id, address, visitorIp };
    });
  };

  /** The code of the passcode mail that waits with this reference, or of the latest one. */
  const passcodeOf = async (recipient: TestRecipient): Promise<string> => {
    const [row] = await scope.query<{ payload: unknown }>(
      `select o.payload from outbox o join passcode_request p on p.id = (o.payload ->> 'passcodeRequestId')::uuid
       where o.kind = 'send-passcode-mail' and p.recipient_id = $1 order by p.created_at desc limit 1`,
      [recipient.recipientId],
    );
    const { passcodeRequestId, sealedCode } = z.object({ passcodeRequestId: z.string(), sealedCode: z.string() }).parse(row?.payload);
    const context = { organizationId: organization.id, purpose: 'passcode', id: passcodeRequestId } as const;
    return Buffer.from(await vault.openSecret(await findActiveKey(scope), context, Buffer.from(sealedCode, 'base64'))).toString();
  };

  const signIn = async (recipient: TestRecipient): Promise<SignedIn> => {
    const asked = await ask(api, recipient, 'POST', 'passcodes');
    const { browser } = z.object({ browser: z.string() }).parse(asked.json);
    const body = { passcode: await passcodeOf(recipient) };
    const signedIn = await ask(api, { ...recipient, browser }, 'POST', 'session', { body });
    const { token } = z.object({ token: z.string() }).parse(signedIn.json);
    return { ...recipient, browser, session: token };
  };

  const changeState = async (action: 'revoke' | 'restore', messageUid: string) => {
    const by = { kind: 'member', id: newId(), address: 'admin@acme.example', name: 'admin@acme.example' } as const;
    const nobody = { clientIp: null, userAgent: null };
    const result = await changeRevocation(scope, { action, sight: 'organization', reference: messageUid, reason: null, by, ...nobody });
    if (result.outcome !== 'done') throw new Error(`Not done: ${result.outcome}`);
  };

  /** Every event of a message that still waits in the outbox, in the order in which they were decided. */
  const eventsOf = async (messageUid: string, operation?: AuditEvent['operation']): Promise<AuditEvent[]> => {
    const rows = await scope.query<{ payload: AuditEvent }>(
      `select payload from outbox where kind = 'ingest-audit-event' and message_uid = $1 and ($2::text is null or payload ->> 'operation' = $2)
       order by event_time, id`,
      [messageUid, operation ?? null],
    );
    return rows.map((row) => row.payload);
  };

  return { organization, scope, storeMail, passcodeOf, signIn, changeState, eventsOf, close: () => parser.close() };
}
export type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** What an event says under a name. */
export function propertyOf(event: AuditEvent | undefined, name: string): string | undefined {
  return event?.operationProperties.find((property) => property.name === name)?.value;
}

/** Headers by which the portal speaks for a recipient's browser. */
export function headersFor(
  api: Pick<TestApi, 'portalHeaders'>,
  { visitorIp, session, browser }: { visitorIp: string; session?: string; browser?: string },
): Record<string, string> {
  return {
    ...api.portalHeaders(visitorIp),
    ...(session === undefined ? {} : { [portalHeader.session]: session }),
    ...(browser === undefined ? {} : { [portalHeader.browser]: browser }),
  };
}

/** Asks the api for something of a recipient's link, as the portal would. */
export async function ask(
  api: Pick<TestApi, 'portalHeaders' | 'url'>,
  recipient: { token: string; visitorIp: string; session?: string; browser?: string },
  method: 'GET' | 'POST' | 'DELETE',
  path = '',
  more: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${api.url}/v1/links/${recipient.token}${path === '' ? '' : `/${path}`}`, {
    method,
    headers: {
      ...headersFor(api, recipient),
      ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more.headers,
    },
    ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('utf8');
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, bytes, text, json: isJson ? JSON.parse(text) : null };
}

/** Opens a message. @returns the access id and what the page shows. */
export async function open(api: Pick<TestApi, 'portalHeaders' | 'url'>, recipient: SignedIn) {
  const answer = await ask(api, recipient, 'POST', 'access');
  return z
    .object({
      accessId: z.string(),
      message: z.looseObject({
        subject: z.string().nullable(),
        attachments: z.array(z.looseObject({ index: z.number(), name: z.string() })),
      }),
    })
    .parse(answer.json);
}

export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function part(header: string, content: Buffer): string {
  return `--b\r\n${header}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
}

let mails = 0;

/** A mail with HTML, an inline image and attachments. Each is a message of its own. */
export function mailWith(attachments: readonly { name: string; type?: string; content: Buffer }[] = [], html?: string): Buffer {
  mails += 1;
  return Buffer.from(
    [
      `From: Alice Doe <alice@acme.example>\r\nTo: Bob <bob@example.net>\r\nCc: carol@example.net\r\nSubject: Secret plan ${mails}\r\n`,
      `Message-ID: <${randomBytes(8).toString('hex')}@acme.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n`,
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n',
      part('Content-Type: text/html; charset=utf-8', Buffer.from(html ?? '<p>Hello <b>Bob</b><img src="cid:logo@acme" alt="logo"></p>')),
      part('Content-Type: image/png\r\nContent-ID: <logo@acme>\r\nContent-Disposition: inline', pixel),
      ...attachments.map(({ name, type = 'application/octet-stream', content }) =>
        part(`Content-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"`, content),
      ),
      '--b--\r\n',
    ].join(''),
  );
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
}
