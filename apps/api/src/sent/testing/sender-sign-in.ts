import { portalHeader } from '@signet/api-contract/portal-headers';
import { findOrganizationByDomain } from '@signet/db/organization';
import { findActiveKey } from '@signet/db/organization-key';
import { z } from 'zod';
import type { TestApi } from '../../testing/test-api.ts';
import { ask, type Answer } from '../../testing/test-organization.ts';

const asked = z.object({ reference: z.string(), browser: z.string() });

/** Asks for a passcode as the portal does. */
export function askForPasscode(api: TestApi, email: string, visitorIp?: string, browser?: string): Promise<Answer> {
  const headers = { ...api.portalHeaders(visitorIp), ...(browser === undefined ? {} : { [portalHeader.browser]: browser }) };
  return ask(api, 'POST /v1/sent/passcodes', { headers, body: { email } });
}

/** Tries a passcode as the portal does. */
export function tryPasscode(api: TestApi, email: string, passcode: string, browser: string, visitorIp?: string): Promise<Answer> {
  const headers = { ...api.portalHeaders(visitorIp), [portalHeader.browser]: browser };
  return ask(api, 'POST /v1/sent/sessions', { headers, body: { email, passcode } });
}

/** The code that a waiting passcode mail carries, opened as the worker opens it. */
export async function passcodeOf({ database, vault }: TestApi, email: string, reference: string): Promise<string> {
  const organizationId = await findOrganizationByDomain(database.system, email.slice(email.lastIndexOf('@') + 1));
  const [row] = await database.system.query<{ payload: unknown }>(
    `select o.payload from outbox o join sender_passcode_request p on p.id = (o.payload ->> 'senderPasscodeRequestId')::uuid
     where o.kind = 'send-sender-passcode-mail' and p.reference = $1`,
    [reference],
  );
  if (organizationId === null || !row) throw new Error('There is no such mail');
  const { senderPasscodeRequestId: id, sealedCode } = z
    .object({ senderPasscodeRequestId: z.string(), sealedCode: z.string() })
    .parse(row.payload);
  const key = await findActiveKey(database.forOrganization(organizationId));
  const opened = await vault.openSecret(key, { organizationId, purpose: 'passcode', id }, Buffer.from(sealedCode, 'base64'));
  return Buffer.from(opened).toString();
}

/** Signs a sender in. @returns what the portal then asks with. */
export async function signInSender(
  api: TestApi,
  email: string,
  visitorIp?: string,
): Promise<{ headers: Record<string, string>; key: string }> {
  const { reference, browser } = asked.parse((await askForPasscode(api, email, visitorIp)).body);
  const answer = await tryPasscode(api, email, await passcodeOf(api, email, reference), browser, visitorIp);
  return { headers: api.portalHeaders(visitorIp), key: z.object({ token: z.string() }).parse(answer.body).token };
}
