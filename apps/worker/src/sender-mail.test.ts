import { randomBytes } from 'node:crypto';
import { changeConfiguration } from '@signet/db/configuration';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { requestSenderPasscode } from '@signet/db/sender-passcode';
import { LOOP_HEADER_NAME, verifyLoopHeader } from '@signet/domain/loop-header';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { loopKey, openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
const act = { actor: { kind: 'system', id: null, address: null }, clientIp: null, userAgent: null } as const;

async function switchNotices({ database, organization }: TestWorker, notifySenders: boolean): Promise<void> {
  await changeConfiguration(database.forOrganization(organization.id), { notifySenders }, act);
}

const noticeRows = ({ system }: TestWorker) => system.query("select attempts from outbox where kind = 'send-sender-notice'");

test('a sender is told once that the message is on its way, to all its recipients, by a mail that nobody answers', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await switchNotices(worker, true);
  const { id } = await worker.accept(['bob@example.net', 'carol@example.net']);
  await passTime(worker);
  worker.run();

  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(3), patience);
  await vi.waitFor(async () => expect(await noticeRows(worker)).toEqual([]), patience);

  const sent = nextHop.mails.find(({ to }) => to === 'alice@acme.example');
  // Nothing comes back where it cannot be delivered: the envelope names nobody.
  expect(sent?.from).toBe('');
  const notice = await simpleParser(sent?.raw ?? '');
  expect(notice.subject).toBe('Sent encrypted: Offer 4711');
  expect(notice.from?.text).toBe('no-reply@acme.example');
  expect(notice.messageId).toBe(`<n-${id}@acme.example>`);
  expect(notice.headers.get('auto-submitted')).toBe('auto-generated');
  const loop = notice.headers.get(LOOP_HEADER_NAME.toLowerCase());
  expect(verifyLoopHeader([loopKey], typeof loop === 'string' ? loop : '')?.messageUid).toBe(id);
  expect(notice.text).toContain('to 2 recipients');
  expect(notice.text?.split('\n')).toContain(`https://mail.acme.example/sent/messages/${id}`);
});

test('no notice is ordered where the organization wants none, or where a machine or a crowd would be answered', async () => {
  const worker = await openTestWorker();
  await worker.accept(['bob@example.net']);
  await switchNotices(worker, true);
  await worker.accept(['bob@example.net'], { automatic: true });
  expect(await noticeRows(worker)).toEqual([]);
  await worker.accept(['bob@example.net']);
  expect(await noticeRows(worker)).toHaveLength(1);
});

test('a notice that still waits when notices are switched off is dropped; one that is deferred is tried again', async () => {
  const nextHop = await startNextHop((to) => (to === 'alice@acme.example' ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await switchNotices(worker, true);
  await worker.accept(['bob@example.net']);
  await passTime(worker);
  worker.run();
  await vi.waitFor(async () => expect(await noticeRows(worker)).toEqual([{ attempts: 1 }]), patience);
  await switchNotices(worker, false);
  await passTime(worker);
  await vi.waitFor(async () => expect(await noticeRows(worker)).toEqual([]), patience);
  expect(nextHop.mails.filter(({ to }) => to === 'alice@acme.example')).toHaveLength(1);
});

test('a sender’s passcode goes to the sender alone, code first, and leaves nothing behind', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const { database, vault, organization, system } = worker;
  const id = newId();
  const key = await findActiveKey(database.forOrganization(organization.id));
  const sealed = await vault.sealSecret(key, { organizationId: organization.id, purpose: 'passcode', id }, Buffer.from('01234567'));
  await requestSenderPasscode(database, {
    id,
    addressKey: 'alice@acme.example',
    network: '203.0.113.7',
    browserHash: randomBytes(32),
    codeHmac: randomBytes(32),
    reference: 'K7QP-3M',
    mail: { organizationId: organization.id, sealedCode: Buffer.from(sealed).toString('base64') },
  });
  worker.run();
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(1), patience);
  const [sent] = nextHop.mails;
  const mail = await simpleParser(sent?.raw ?? '');
  expect(sent?.to).toBe('alice@acme.example');
  expect(mail.subject).toBe('01234567 is your passcode (reference K7QP-3M)');
  expect(mail.text).toMatch(/^01234567\b/);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  await vi.waitFor(async () => expect(await system.query('select 1 from outbox')).toEqual([]), patience);
  expect(worker.log.join('')).not.toContain('01234567');
});
