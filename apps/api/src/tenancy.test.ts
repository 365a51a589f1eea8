import { asSuperuser } from '@signet/db/testing/test-database';
import { exportFormats, type auditEntryFilters } from '@signet/api-contract/audit-entries';
import { openApiDocument } from '@signet/api-contract/openapi';
import { routes, type RouteName } from '@signet/api-contract/routes';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Cursors } from './http/cursor.ts';
import { sealLogs } from './testing/seal-logs.ts';
import { startTestApi } from './testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from './testing/test-organization.ts';

/** Ids of one organization's things: those of another organization, or of nothing at all. */
interface Ids {
  readonly message: string;
  readonly messageId: string;
  readonly template: string;
  readonly mailRule: string;
  readonly senderGroup: string;
  readonly apiKey: string;
  readonly smtpCredential: string;
  readonly domain: string;
  readonly dkimKey: string;
  readonly submissionTrust: string;
  readonly nextHop: string;
  readonly webhook: string;
  readonly syslog: string;
  readonly alert: string;
  readonly legalHold: string;
  readonly organization: string;
  /** An audit entry that a checkpoint covers. */
  readonly auditEntry: string;
  /** An audit entry that is to be erased, and its erasure. */
  readonly erasedEntry: string;
  readonly auditErasure: string;
  /** An admin record that a checkpoint covers. */
  readonly adminRecord: string;
  readonly address: string;
  readonly actor: string;
  readonly member: string;
  readonly memberSession: string;
  /** A row of the outbox. */
  readonly outbox: string;
  readonly auditImport: string;
}

/**
 * How a route is asked about somebody else's things.
 * - `hidden`: it names a thing, so the answer is the 404 of what does not exist;
 * - `filtered`: it searches for things, so the answer is the one of a search that finds nothing;
 * - `own`: nothing in the request names a thing of an organization; the reason why nothing of another one can show.
 */
type Case =
  | { readonly hidden: (ids: Ids) => { request: `${string} /${string}`; body?: object } }
  | { readonly filtered: (ids: Ids) => `GET /${string}`[] }
  | { readonly own: string };

const byMessage = (path: (message: string) => `${string} /${string}`, body?: object): Case => ({
  hidden: (ids) => ({ request: path(encodeURIComponent(ids.message)), ...(body ? { body } : {}) }),
});

const byTemplate = (request: (template: `/${string}`) => `${string} /${string}`, body?: object): Case => ({
  hidden: (ids) => ({ request: request(`/v1/branding-templates/${ids.template}`), ...(body ? { body } : {}) }),
});

const link = { own: 'a link’s token is the recipient’s alone; recipient/tenancy.test.ts walks these routes with foreign sessions and ids' };
const ownAccount = { own: 'the account and its sessions are the caller’s; sessions/session-list.test.ts asks for those of somebody else' };
const ownSteps = { own: 'a member is found by what they prove, wherever they belong' };
const mailedLink = { own: 'a link that was mailed is the addressee’s alone' };
const sent = {
  own: 'a sender reaches their own messages alone; sent/sent.test.ts walks these routes with colleagues and other organizations',
};
const ownNotices = { own: 'notices are the caller’s; sent/sender-notices.test.ts asks a namesake of another organization' };
const forAll = { own: 'it says the same to everybody' };

/** Every route has its case: a new one without does not compile, and fails. */
const cases = {
  getConfiguration: { own: 'the organization is the caller’s' },
  getStorageForecast: { own: 'the organization is the caller’s' },
  changeConfiguration: { own: 'the organization is the caller’s' },
  listBrandingTemplates: { own: 'lists what is the caller’s' },
  createBrandingTemplate: {
    own: 'makes a template of the caller’s; branding-template.controller.test.ts copies none of another organization',
  },
  getBrandingTemplate: byTemplate((template) => `GET ${template}`),
  changeBrandingTemplate: byTemplate((template) => `PATCH ${template}`, { backgroundColor: 'red' }),
  removeBrandingTemplate: byTemplate((template) => `DELETE ${template}`),
  getBrandingImage: byTemplate((template) => `GET ${template}/image`),
  putBrandingImage: byTemplate((template) => `PUT ${template}/image`),
  removeBrandingImage: byTemplate((template) => `DELETE ${template}/image`),
  getBrandingHistory: byTemplate((template) => `GET ${template}/history`),
  testBrandingTemplate: byTemplate((template) => `POST ${template}/test`),
  previewBrandingTemplate: { own: 'draws what it is given; branding-template.controller.test.ts asks for another organization’s template' },
  listMailRules: { own: 'lists what is the caller’s' },
  createMailRule: { own: 'makes a rule of the caller’s; templates and groups of others are unknown to it' },
  getMailRule: { hidden: (ids) => ({ request: `GET /v1/mail-rules/${ids.mailRule}` }) },
  changeMailRule: { hidden: (ids) => ({ request: `PATCH /v1/mail-rules/${ids.mailRule}`, body: { enabled: false } }) },
  removeMailRule: { hidden: (ids) => ({ request: `DELETE /v1/mail-rules/${ids.mailRule}` }) },
  explainMailRules: { own: 'asks the caller’s rules about a mail of the caller’s' },
  listSenderGroups: { own: 'lists what is the caller’s' },
  getSenderGroup: { hidden: (ids) => ({ request: `GET /v1/sender-groups/${ids.senderGroup}` }) },
  putSenderGroup: { own: 'makes or changes a group of the caller’s' },
  removeSenderGroup: { hidden: (ids) => ({ request: `DELETE /v1/sender-groups/${ids.senderGroup}` }) },
  submitMessage: { own: 'makes a message of the caller’s; a foreign sender is refused by its domain alone' },
  listMessages: {
    filtered: (ids) => [
      `GET /v1/messages?messageId=${encodeURIComponent(ids.messageId)}`,
      `GET /v1/messages?text=${encodeURIComponent(ids.messageId)}`,
      `GET /v1/messages?text=${ids.address}`,
      `GET /v1/messages?recipient=${ids.address}`,
      `GET /v1/messages?template=${ids.template}`,
    ],
  },
  getMessage: byMessage((message) => `GET /v1/messages/${message}`),
  getMessageHistory: byMessage((message) => `GET /v1/messages/${message}/history`),
  changeMessage: byMessage((message) => `PATCH /v1/messages/${message}`, { expiresAt: null }),
  revokeMessage: byMessage((message) => `POST /v1/messages/${message}/revocation`, { reason: 'not mine' }),
  restoreMessage: byMessage((message) => `POST /v1/messages/${message}/restoration`, {}),
  resendMessage: byMessage((message) => `POST /v1/messages/${message}/resend`, {}),
  getExposure: byMessage((message) => `GET /v1/messages/${message}/exposure`),
  listOutbox: { own: 'lists what is the caller’s' },
  reviveOutboxRow: { hidden: (ids) => ({ request: `POST /v1/outbox/${ids.outbox}/revival` }) },
  reviveOutbox: { own: 'tries again what is the caller’s' },
  listMissingContent: { own: 'lists what is the caller’s' },
  checkMissingContent: { own: 'looks for what is the caller’s' },
  recordAuditEvents: { own: 'adds to the trail of the caller’s; audit-event.controller.test.ts names messages of another organization' },
  listAuditEntries: {
    filtered: (ids) => [
      `GET /v1/audit-entries?messageId=${encodeURIComponent(ids.messageId)}`,
      `GET /v1/audit-entries?messageId=${ids.message}`,
      `GET /v1/audit-entries?recipient=${ids.address}`,
      `GET /v1/audit-entries?recipient=${ids.address.slice(0, 9)}*`,
    ],
  },
  getAuditEntry: { hidden: (ids) => ({ request: `GET /v1/audit-entries/${ids.auditEntry}` }) },
  exportAuditEntries: { own: 'exports the trail of the caller’s; asked below by every filter' },
  readAuditFeed: { own: 'reads the log of the caller’s; audit-feed.test.ts has two organizations beside each other' },
  importAuditRecords: { own: 'adds to the trail of the caller’s; audit-import.test.ts imports the same records into two organizations' },
  listAuditImports: { own: 'lists what is the caller’s' },
  getAuditImport: { hidden: (ids) => ({ request: `GET /v1/audit-imports/${ids.auditImport}` }) },
  listAdminRecords: { filtered: (ids) => [`GET /v1/admin-records?target=${ids.message}`, `GET /v1/admin-records?actor=${ids.actor}`] },
  getAdminRecord: { hidden: (ids) => ({ request: `GET /v1/admin-records/${ids.adminRecord}` }) },
  exportAdminRecords: { own: 'exports the records of the caller’s; admin-record-export.test.ts asks for another organization’s' },
  readAdminRecordFeed: { own: 'reads the log of the caller’s; admin-record-export.test.ts has two organizations beside each other' },
  proveAdminRecord: { hidden: (ids) => ({ request: `GET /v1/admin-records/${ids.adminRecord}/proof` }) },
  listLogs: { own: 'lists what is the caller’s' },
  rotateLogKey: { own: 'gives the caller’s logs a new key' },
  getAuditCheckpoint: { hidden: (ids) => ({ request: `GET /v1/logs/${ids.organization}/audit/checkpoint` }) },
  getAuditTile: { hidden: (ids) => ({ request: `GET /v1/logs/${ids.organization}/audit/tile/0/000.p/1` }) },
  getAdminCheckpoint: { hidden: (ids) => ({ request: `GET /v1/logs/${ids.organization}/admin/checkpoint` }) },
  getAdminTile: { hidden: (ids) => ({ request: `GET /v1/logs/${ids.organization}/admin/tile/0/000.p/1` }) },
  proveAuditEntry: { hidden: (ids) => ({ request: `GET /v1/audit-entries/${ids.auditEntry}/proof` }) },
  listApiKeys: { own: 'lists what is the caller’s' },
  createApiKey: { own: 'makes a key of the caller’s' },
  revokeApiKey: { hidden: (ids) => ({ request: `DELETE /v1/api-keys/${ids.apiKey}` }) },
  listDomains: { own: 'lists what is the caller’s' },
  claimDomain: { own: 'is the caller’s word alone, until the DNS proves it' },
  verifyDomain: { hidden: (ids) => ({ request: `POST /v1/domains/${ids.domain}/verification` }) },
  removeDomain: { hidden: (ids) => ({ request: `DELETE /v1/domains/${ids.domain}` }) },
  createDkimKey: { hidden: (ids) => ({ request: `POST /v1/domains/${ids.domain}/dkim-keys` }) },
  activateDkimKey: { hidden: (ids) => ({ request: `POST /v1/domains/${ids.domain}/dkim-keys/${ids.dkimKey}/activation` }) },
  removeDkimKey: { hidden: (ids) => ({ request: `DELETE /v1/domains/${ids.domain}/dkim-keys/${ids.dkimKey}` }) },
  listSmtpCredentials: { own: 'lists what is the caller’s' },
  createSmtpCredential: { own: 'makes a credential of the caller’s' },
  listSubmissionTrusts: { own: 'lists what is the caller’s' },
  createSubmissionTrust: { own: 'makes a trust of the caller’s; others may trust the same network' },
  revokeSubmissionTrust: { hidden: (ids) => ({ request: `DELETE /v1/submission-trusts/${ids.submissionTrust}` }) },
  listNextHops: { own: 'lists what is the caller’s' },
  createNextHop: { own: 'makes a next hop of the caller’s; others may name the same domain and the same host' },
  changeNextHop: { hidden: (ids) => ({ request: `PATCH /v1/next-hops/${ids.nextHop}`, body: { port: 26 } }) },
  removeNextHop: { hidden: (ids) => ({ request: `DELETE /v1/next-hops/${ids.nextHop}` }) },
  getRetention: { own: 'the policy is the caller’s' },
  setRetention: { own: 'sets the caller’s policy; nothing in it names a thing' },
  previewRetention: { own: 'counts what is the caller’s' },
  listLegalHolds: { own: 'lists what is the caller’s' },
  getLegalHold: { hidden: (ids) => ({ request: `GET /v1/legal-holds/${ids.legalHold}` }) },
  forecastLegalHoldRelease: { hidden: (ids) => ({ request: `GET /v1/legal-holds/${ids.legalHold}/forecast` }) },
  createLegalHold: {
    hidden: (ids) => ({ request: 'POST /v1/legal-holds', body: { kind: 'message', message: ids.message, reason: 'a case' } }),
  },
  changeLegalHold: { hidden: (ids) => ({ request: `PATCH /v1/legal-holds/${ids.legalHold}`, body: { reason: 'another' } }) },
  releaseLegalHold: { hidden: (ids) => ({ request: `POST /v1/legal-holds/${ids.legalHold}/release`, body: { reason: 'over' } }) },
  previewAuditErasure: { hidden: (ids) => ({ request: 'POST /v1/audit-erasures/preview', body: { entries: [ids.auditEntry] } }) },
  createAuditErasure: {
    hidden: (ids) => ({ request: 'POST /v1/audit-erasures', body: { entries: [ids.auditEntry], reason: 'a case' } }),
  },
  listAuditErasures: { own: 'lists what is the caller’s; audit-erasure.controller.test.ts asks another organization' },
  getAuditErasure: { hidden: (ids) => ({ request: `GET /v1/audit-erasures/${ids.auditErasure}` }) },
  getAuditEntryErasure: { hidden: (ids) => ({ request: `GET /v1/audit-entries/${ids.erasedEntry}/erasure` }) },
  listWebhooks: { own: 'lists what is the caller’s' },
  createWebhook: { own: 'makes a webhook of the caller’s, which is sent the caller’s log' },
  changeWebhook: { hidden: (ids) => ({ request: `PATCH /v1/webhooks/${ids.webhook}`, body: { enabled: false } }) },
  removeWebhook: { hidden: (ids) => ({ request: `DELETE /v1/webhooks/${ids.webhook}` }) },
  rotateWebhookSecret: { hidden: (ids) => ({ request: `POST /v1/webhooks/${ids.webhook}/secret-rotation` }) },
  testWebhook: { hidden: (ids) => ({ request: `POST /v1/webhooks/${ids.webhook}/test` }) },
  replayWebhook: { hidden: (ids) => ({ request: `POST /v1/webhooks/${ids.webhook}/replay`, body: { index: 0 } }) },
  listWebhookDeliveries: { hidden: (ids) => ({ request: `GET /v1/webhooks/${ids.webhook}/deliveries` }) },
  getCheckpointDelivery: { own: 'tells of the caller’s organization; checkpoint-delivery.controller.test.ts asks another one' },
  setCheckpointDelivery: { own: 'sets what is the caller’s; checkpoint-delivery.controller.test.ts asks another one' },
  listSyslogDestinations: { own: 'lists what is the caller’s' },
  createSyslogDestination: { own: 'makes a destination of the caller’s, which is sent the caller’s log' },
  changeSyslogDestination: { hidden: (ids) => ({ request: `PATCH /v1/syslog-destinations/${ids.syslog}`, body: { enabled: false } }) },
  removeSyslogDestination: { hidden: (ids) => ({ request: `DELETE /v1/syslog-destinations/${ids.syslog}` }) },
  testSyslogDestination: { hidden: (ids) => ({ request: `POST /v1/syslog-destinations/${ids.syslog}/test` }) },
  replaySyslogDestination: { hidden: (ids) => ({ request: `POST /v1/syslog-destinations/${ids.syslog}/replay`, body: { index: 0 } }) },
  listAlerts: { own: 'lists what is the caller’s' },
  getAlertSummary: { own: 'counts what is the caller’s' },
  getAlert: { hidden: (ids) => ({ request: `GET /v1/alerts/${ids.alert}` }) },
  acknowledgeAlert: { hidden: (ids) => ({ request: `POST /v1/alerts/${ids.alert}/acknowledgement` }) },
  revokeSmtpCredential: { hidden: (ids) => ({ request: `DELETE /v1/smtp-credentials/${ids.smtpCredential}` }) },
  signIn: { own: 'a member is found by address and password, wherever they belong' },
  getCurrentSession: { own: 'the session is the caller’s' },
  getTimeLeft: { own: 'the session is the caller’s' },
  signOut: { own: 'the session is the caller’s' },
  getStatistics: { own: 'counts what is the caller’s; statistics.controller.test.ts has two organizations beside each other' },
  proveSecondFactor: ownSteps,
  beginPasskeySignIn: ownSteps,
  signInWithPasskey: ownSteps,
  beginPasskeyReauthentication: ownAccount,
  reauthenticate: ownAccount,
  listSessions: ownAccount,
  endOtherSessions: ownAccount,
  endSession: ownAccount,
  getAccount: ownAccount,
  changePassword: ownAccount,
  beginTotp: ownAccount,
  confirmTotp: ownAccount,
  removeTotp: ownAccount,
  createRecoveryCodes: ownAccount,
  beginPasskey: ownAccount,
  addPasskey: ownAccount,
  renamePasskey: ownAccount,
  removePasskey: ownAccount,
  listMembers: { own: 'lists what is the caller’s' },
  inviteMember: { own: 'makes a member of the caller’s organization, at its own domains' },
  resendInvitation: { hidden: (ids) => ({ request: `POST /v1/members/${ids.member}/invitation` }) },
  changeMember: { hidden: (ids) => ({ request: `PATCH /v1/members/${ids.member}`, body: { role: 'auditor' } }) },
  removeMember: { hidden: (ids) => ({ request: `DELETE /v1/members/${ids.member}` }) },
  sendPasswordReset: { hidden: (ids) => ({ request: `POST /v1/members/${ids.member}/password-reset` }) },
  resetSecondFactors: { hidden: (ids) => ({ request: `POST /v1/members/${ids.member}/second-factor-reset` }) },
  listMemberSessions: { hidden: (ids) => ({ request: `GET /v1/members/${ids.member}/sessions` }) },
  endMemberSessions: { hidden: (ids) => ({ request: `DELETE /v1/members/${ids.member}/sessions` }) },
  endMemberSession: { hidden: (ids) => ({ request: `DELETE /v1/members/${ids.member}/sessions/${ids.memberSession}` }) },
  findInvitation: mailedLink,
  acceptInvitation: mailedLink,
  requestPasswordReset: mailedLink,
  findPasswordReset: mailedLink,
  completePasswordReset: mailedLink,
  requestSenderPasscode: sent,
  signInSender: sent,
  getSenderSession: sent,
  signOutSender: sent,
  getSenderNotices: ownNotices,
  changeSenderNotices: ownNotices,
  listSentMessages: sent,
  getSentMessage: sent,
  getSentTimeline: sent,
  changeSentMessage: sent,
  revokeSentMessage: sent,
  restoreSentMessage: sent,
  getSentExposure: sent,
  getLink: link,
  getLogo: link,
  requestPasscode: link,
  signInRecipient: link,
  signOutRecipient: link,
  openMessage: link,
  getBody: link,
  getInlineImage: link,
  downloadAttachment: link,
  downloadOriginal: link,
  getHealthReport: { own: 'names the caller’s domains alone; doctor/doctor.test.ts has another organization’s beside them' },
  setUp: { own: 'makes the first organization, and no other; setup/setup.test.ts' },
  getLiveness: forAll,
  getReadiness: forAll,
  getOpenApi: forAll,
  getDocs: forAll,
} as const satisfies Record<RouteName, Case>;

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');

/** Everything of Acme's that an id can name. */
async function idsOfAcme(): Promise<Ids> {
  const erasure = await erasureOf();
  const message = await submitMail(api, acme, { messageId: '<secret@acme.example>' }, ['only-acme@example.net']);
  await ask(api, `GET /v1/messages/${message}`, { key: acme.apiKey });
  const firstOf = async (path: `/${string}`) => {
    const { body } = await ask(api, `GET ${path}`, { key: acme.apiKey });
    return String((body['items'] as { id: string }[])[0]?.id);
  };
  await ask(api, 'POST /v1/submission-trusts', { key: acme.apiKey, body: { name: 'Acme’s', kind: 'network', value: '192.0.2.0/24' } });
  const hop = { domain: 'only-acme.example', host: 'relay.acme.example', port: 25, tls: 'required' };
  await ask(api, 'POST /v1/next-hops', { key: acme.apiKey, body: hop });
  await ask(api, 'POST /v1/legal-holds', { key: acme.apiKey, body: { kind: 'organization', reason: 'Acme’s case' } });
  await ask(api, 'POST /v1/webhooks', { key: acme.apiKey, body: { name: 'Acme’s', url: 'https://only-acme.example/' } });
  await ask(api, 'POST /v1/syslog-destinations', { key: acme.apiKey, body: { name: 'Acme’s', host: 'siem.acme.example' } });
  await ask(api, 'PUT /v1/sender-groups/only-acme', { key: acme.apiKey, body: { addresses: ['a@acme.example'] } });
  const headers = api.portalHeaders();
  const { body } = await ask(api, 'POST /v1/sessions', { headers, body: acme.admin });
  const current = await ask(api, 'GET /v1/sessions/current', { headers, key: String(body['token']) });
  return {
    member: (body['member'] as { id: string }).id,
    memberSession: String(current.body['id']),
    message,
    messageId: '<secret@acme.example>',
    template: 'Acme',
    mailRule: await firstOf('/v1/mail-rules'),
    senderGroup: 'only-acme',
    apiKey: await firstOf('/v1/api-keys'),
    smtpCredential: await firstOf('/v1/smtp-credentials'),
    domain: acme.organizationDomain,
    dkimKey: String((await ask(api, `POST /v1/domains/${acme.organizationDomain}/dkim-keys`, { key: acme.apiKey })).body['id']),
    submissionTrust: await firstOf('/v1/submission-trusts'),
    nextHop: await firstOf('/v1/next-hops'),
    webhook: await firstOf('/v1/webhooks'),
    syslog: await firstOf('/v1/syslog-destinations'),
    alert: await alertOf(),
    legalHold: await firstOf('/v1/legal-holds'),
    organization: acme.organizationId,
    auditEntry: await entryOf(message),
    erasedEntry: erasure.entry,
    auditErasure: erasure.id,
    adminRecord: await firstOf('/v1/admin-records'),
    address: 'only-acme@example.net',
    actor: await firstOf('/v1/api-keys'),
    outbox: await deadRowOf(message),
    auditImport: await importOf(),
  };
}

/** Makes an entry of what a message left. @returns its id. */
async function entryOf(message: string): Promise<string> {
  await ingestAll(api);
  await sealLogs(api, acme.organizationId);
  const { body } = await ask(api, `GET /v1/audit-entries?messageId=${message}`, { key: acme.apiKey });
  return String((body['items'] as { id: string }[])[0]?.id);
}

/** Has an entry of a message of its own erased. @returns the entry, and the erasure. */
async function erasureOf(): Promise<{ entry: string; id: string }> {
  await asSuperuser(api.settings.DATABASE_URL, "insert into retention_worker (name, seen_at) values ('retention', now())");
  const entry = await entryOf(await submitMail(api, acme, { messageId: '<erased@acme.example>' }, ['only-acme@example.net']));
  const { body, status, text } = await ask(api, 'POST /v1/audit-erasures', {
    key: acme.apiKey,
    body: { entries: [entry], reason: 'a case' },
  });
  expect(status, text).toBe(202);
  return { entry, id: String(body['id']) };
}

/** Imports a line that is no record. @returns the import. */
async function importOf(): Promise<string> {
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${acme.apiKey}` };
  const answer = await fetch(`${api.url}/v1/audit-imports`, { method: 'POST', headers, body: '{}' });
  return ((await answer.json()) as { id: string }).id;
}

/** Switches tracking off and on. @returns the alert of it. */
async function alertOf(): Promise<string> {
  for (const enablePortalTrackingLogs of [false, true])
    await ask(api, 'PATCH /v1/configuration', { key: acme.apiKey, body: { enablePortalTrackingLogs } });
  const { body } = await ask(api, 'GET /v1/alerts', { key: acme.apiKey });
  return String((body['items'] as { id: string }[])[0]?.id);
}

/** Gives up the wrapper mail of a message. @returns its row. */
async function deadRowOf(message: string): Promise<string> {
  const [row] = await api.database.system.query<{ id: number }>(
    "update outbox set dead_at = clock_timestamp() where kind = 'send-wrapper-mail' and message_uid = $1 returning id",
    [message],
  );
  return String(row?.id);
}

const theirs = await idsOfAcme();
// Lists that are paged have a second page.
await submitMail(api, acme, { messageId: '<second@acme.example>' }, ['only-acme@example.net']);
await ingestAll(api);
const nobodys: Ids = {
  message: crypto.randomUUID(),
  messageId: '<nothing@nowhere.example>',
  template: 'Nope',
  mailRule: crypto.randomUUID(),
  senderGroup: 'nobodys',
  apiKey: crypto.randomUUID(),
  smtpCredential: crypto.randomUUID(),
  domain: 'nowhere.example',
  dkimKey: crypto.randomUUID(),
  submissionTrust: crypto.randomUUID(),
  nextHop: crypto.randomUUID(),
  webhook: crypto.randomUUID(),
  syslog: crypto.randomUUID(),
  alert: crypto.randomUUID(),
  legalHold: crypto.randomUUID(),
  organization: crypto.randomUUID(),
  auditEntry: crypto.randomUUID(),
  erasedEntry: crypto.randomUUID(),
  auditErasure: crypto.randomUUID(),
  adminRecord: crypto.randomUUID(),
  address: 'nobody@nowhere.example',
  actor: crypto.randomUUID(),
  member: crypto.randomUUID(),
  memberSession: crypto.randomUUID(),
  outbox: '999999999999',
  auditImport: crypto.randomUUID(),
};
const key = globex.apiKey;

test('every operation of the OpenAPI document has a case', () => {
  const { paths } = openApiDocument({ serverUrl: '/' });
  const operations = Object.values(paths ?? {}).flatMap((path) =>
    Object.values(path).map((operation: { operationId?: string }) => String(operation.operationId)),
  );
  expect(operations.toSorted()).toEqual(Object.keys(cases).toSorted());
});

const entries = Object.entries<Case>(cases);
const hidden = entries.flatMap(([name, route]) => ('hidden' in route ? [{ name, about: route.hidden }] : []));
const filtered = entries.flatMap(([name, route]) => ('filtered' in route ? [{ name, about: route.filtered }] : []));

const withoutDate = (headers: Headers) => [...headers].filter(([name]) => name !== 'date');

test.each(hidden)('$name answers about another organization’s thing as about none, byte for byte', async ({ about }) => {
  for (const variant of [{}, { message: theirs.messageId }]) {
    const { request, body } = about({ ...theirs, ...variant });
    const own = await ask(api, request, { key, body });
    const none = about(nobodys);
    const absent = await ask(api, none.request, { key, body: none.body });
    expect(own.status, own.text).toBe(404);
    expect(own.text).toBe(absent.text);
    expect(withoutDate(own.headers)).toEqual(withoutDate(absent.headers));
  }
});

test.each(filtered)('$name finds nothing of another organization', async ({ about }) => {
  const absent = about(nobodys);
  for (const [index, request] of about(theirs).entries()) {
    const own = await ask(api, request, { key });
    const none = await ask(api, absent[index] ?? request, { key });
    expect(own.body['items'], own.text).toEqual([]);
    expect(Object.keys(own.body)).toEqual(Object.keys(none.body));
  }
});

/** Lists by what the searches of their cursors are named; alert.controller.test.ts has the one of alerts. */
const paged = ['messages', 'audit-entries', 'admin-records'] as const;

/** The cursor behind the first item of Acme's list. */
async function cursorOfAcme(list: (typeof paged)[number]): Promise<string> {
  const { body } = await ask(api, `GET /v1/${list}?limit=1`, { key: acme.apiKey });
  return z.string().parse(body['nextCursor']);
}

test.each(paged)('a cursor of another organization’s %s is answered as any wrong one is, byte for byte', async (list) => {
  const wrong = await ask(api, `GET /v1/${list}?limit=1&cursor=abc`, { key });
  expect([wrong.status, wrong.body['errors']]).toEqual([400, [{ pointer: '/cursor', detail: 'is not a cursor of this search' }]]);
  const next = await cursorOfAcme(list);
  const second = await ask(api, `GET /v1/${list}?limit=1&cursor=${next}`, { key: acme.apiKey });
  expect(second.status).toBe(200);
  const { previousCursor } = second.body;
  for (const cursor of typeof previousCursor === 'string' ? [next, previousCursor] : [next]) {
    const foreign = await ask(api, `GET /v1/${list}?limit=1&cursor=${cursor}`, { key });
    expect([foreign.status, foreign.text]).toEqual([wrong.status, wrong.text]);
    expect(withoutDate(foreign.headers)).toEqual(withoutDate(wrong.headers));
  }
});

test.each(paged)('a made-up cursor to a place in another organization’s %s leads to the caller’s own list', async (list) => {
  const { position } = z
    .object({ position: z.unknown() })
    .parse(JSON.parse(Buffer.from(await cursorOfAcme(list), 'base64url').toString('utf8')));
  const sight = list === 'messages' ? { sight: 'organization' } : {};
  const made = new Cursors({ of: list, organization: globex.organizationId, ...sight }, z.unknown()).write(position);
  const answer = await ask(api, `GET /v1/${list}?cursor=${made}`, { key });
  expect(answer.status, answer.text).toBe(200);
  const own = await ask(api, `GET /v1/${list}?limit=500`, { key });
  const idsIn = ({ body }: typeof answer) => (body['items'] as { id: string }[]).map(({ id }) => id);
  expect(idsIn(own)).toEqual(expect.arrayContaining(idsIn(answer)));
  expect(answer.text).not.toContain(acme.organizationId);
});

test.each(['audit-entries', 'admin-records'])(
  'a place in another organization’s feed of %s is one in the caller’s own, or none',
  async (list) => {
    const feed = async (after: number, as: string) => {
      const answer = await ask(api, `GET /v1/${list}/feed?after=${after}`, { key: as });
      return { status: answer.status, text: answer.text, size: Number(answer.headers.get('x-signet-log-size')) };
    };
    const [theirLog, ownLog] = [await feed(-1, acme.apiKey), await feed(-1, key)];
    expect(theirLog.size).toBeGreaterThan(ownLog.size);
    const beyond = await feed(theirLog.size - 1, key);
    expect([beyond.status, beyond.text]).toEqual([400, (await feed(1_000_000, key)).text]);
    expect(beyond.text).toContain(`must lie in the log, which has ${ownLog.size} places`);
    for (let after = -1; after < ownLog.size; after += 1) {
      const { text } = await feed(after, key);
      const lines = text.split('\n').slice(0, -1);
      expect(lines.filter((line) => !line.includes(globex.organizationId) || line.includes(acme.organizationId))).toEqual([]);
    }
  },
);

test('lists hold nothing of another organization, and what was tried has changed nothing there', async () => {
  const lists = Object.values(routes).filter(
    (route) => route.method === 'GET' && !route.path.includes('{') && typeof route.security === 'object' && route !== routes.getStatistics,
  );
  expect(lists.length).toBeGreaterThan(5);
  // The template of a name that the demo's organizations may share says nothing.
  const namesOfAcme = [...Object.values(theirs), acme.organizationId, acme.smtp.username].filter((name) => name !== theirs.template);
  for (const { path } of lists) {
    const answer = await ask(api, `GET ${path}`, { key });
    expect(answer.status, answer.text).toBe(200);
    const shown = namesOfAcme.filter((name) => answer.text.includes(`"${name}"`));
    expect(shown, path).toEqual([]);
  }
  const message = await ask(api, `GET /v1/messages/${theirs.message}`, { key: acme.apiKey });
  expect(message.body['revoked']).toBe(false);
  const keys = await ask(api, 'GET /v1/api-keys', { key: acme.apiKey });
  expect(keys.body['items']).toMatchObject([{ revokedAt: null }]);
});

/** What each filter of the trail is asked for, so that the step below fits; a new filter without does not compile. */
const askedOfTrail = {
  messageId: 'both@nowhere.example',
  recipient: 'reader@nowhere.example',
  sender: 'author@*',
  subject: 'shared words',
  operation: 'AuthenticateRequest',
  authenticationMethod: 'Yahoo',
  authenticationStatus: 'Failure',
  operationStatus: 'Failure',
  source: 'First key',
  from: '2026-11-20T08:00:00.000Z',
  to: '2026-11-20T08:00:00.001Z',
} as const satisfies Record<Exclude<keyof z.infer<typeof auditEntryFilters>, 'count' | 'limit' | 'cursor'>, string>;

/** Has an organization's own key state a step that fits every filter, and one that fits hardly any. @returns the one, and both. */
async function stateSteps(as: string): Promise<{ fits: string; all: string[] }> {
  const step = {
    id: crypto.randomUUID(),
    operation: askedOfTrail.operation,
    creationTime: askedOfTrail.from,
    messageId: askedOfTrail.messageId,
    recipients: [askedOfTrail.recipient],
    sender: 'author@nowhere.example',
    authenticationMethod: askedOfTrail.authenticationMethod,
    authenticationStatus: askedOfTrail.authenticationStatus,
    operationStatus: askedOfTrail.operationStatus,
    operationProperties: [{ name: 'MailSubject', value: 'Words that are shared' }],
  };
  const other = { ...step, id: crypto.randomUUID(), operation: 'MessageAccess', operationStatus: 'Success', operationProperties: [] };
  const answer = await ask(api, 'POST /v1/audit-events', { key: as, body: { events: [step, other] } });
  expect(answer.status, answer.text).toBe(202);
  return { fits: step.id, all: [step.id, other.id] };
}

test('each filter of the trail finds, counts and exports what is the caller’s alone, where another organization has the same', async () => {
  const [foreign, own] = [await stateSteps(acme.apiKey), await stateSteps(key)];
  await ingestAll(api);
  for (const query of [
    ...Object.entries(askedOfTrail).map((one) => new URLSearchParams([one]).toString()),
    new URLSearchParams(askedOfTrail).toString(),
  ]) {
    const { body, text } = await ask(api, `GET /v1/audit-entries?${query}&count=true`, { key });
    const ids = (body['items'] as { id: string }[]).map(({ id }) => id);
    expect(ids, `${query}: ${text}`).toContain(own.fits);
    expect(own.all, query).toEqual(expect.arrayContaining(ids));
    expect(body['matches'], query).toEqual({ count: ids.length, capped: false });
    for (const format of exportFormats) {
      const exported = await ask(api, `GET /v1/audit-entries/export?${query}&format=${format}`, { key });
      const found = [...own.all, ...foreign.all].filter((id) => exported.text.includes(id));
      expect([format, found.toSorted()], query).toEqual([format, ids.toSorted()]);
      expect(exported.text).not.toContain(acme.organizationId);
    }
  }
});
