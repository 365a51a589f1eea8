import { newId } from '@signet/db/database';
import { addMemberMail } from '@signet/db/member-mail';
import { setMember } from '@signet/db/organization';
import { LOOP_HEADER_NAME, verifyLoopHeader } from '@signet/domain/loop-header';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { mailLink, visitor } from './testing/ordered-mail.ts';
import { loopKey, openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };

async function addMember(worker: TestWorker): Promise<string> {
  const scope = worker.database.forOrganization(worker.organization.id);
  return scope.administer((tx) => setMember(tx, { email: 'bob@acme.example', role: 'auditor', passwordHash: 'none' }));
}

const waiting = ({ system }: TestWorker) => system.query("select attempts, last_error from outbox where kind = 'send-member-mail'");

test('an invitation goes out with its link, from nobody at the organization’s domain, and known again if it comes back', async () => {
  const nextHop = await startNextHop((_to, attempt) => (attempt === 1 ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const memberId = await addMember(worker);
  const token = await mailLink(worker, memberId);
  worker.run();
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(1), patience);
  await vi.waitFor(
    async () => expect(await waiting(worker)).toMatchObject([{ attempts: 1, last_error: '451 4.3.0 Come back later' }]),
    patience,
  );
  await passTime(worker);
  await vi.waitFor(async () => expect(await waiting(worker)).toEqual([]), patience);
  const [first, mail] = await Promise.all(nextHop.mails.map(({ raw }) => simpleParser(raw)));
  expect(mail?.messageId).toBe(first?.messageId);
  expect(nextHop.mails[1]).toMatchObject({ from: 'no-reply@acme.example', to: 'bob@acme.example' });
  expect(mail?.text?.split('\n')).toContain(`https://mail.acme.example/admin/invitation/${token}`);
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  const header = mail?.headers.get(LOOP_HEADER_NAME.toLowerCase());
  const loop = typeof header === 'string' ? verifyLoopHeader([loopKey], header) : null;
  expect(loop).toEqual({ messageUid: worker.organization.id, recipientId: memberId });
  expect(worker.log.join('')).not.toContain(token);
});

test('a notice says what happened and from where; a member who is gone, and a link that was replaced, get no mail', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const memberId = await addMember(worker);
  const replaced = await mailLink(worker, memberId);
  await mailLink(worker, memberId);
  const scope = worker.database.forOrganization(worker.organization.id);
  await scope.transaction(async (tx) => {
    await addMemberMail(tx, { memberId, mail: 'passkey-added', ...visitor });
    await addMemberMail(tx, { memberId: newId(), mail: 'passkey-added', ...visitor });
  });
  worker.run();
  await vi.waitFor(async () => expect(await waiting(worker)).toEqual([]), patience);
  expect(nextHop.mails).toHaveLength(2);
  expect(nextHop.mails.some(({ raw }) => raw.includes(replaced))).toBe(false);
  const mails = await Promise.all(nextHop.mails.map(({ raw }) => simpleParser(raw)));
  const notice = mails.find(({ subject }) => subject?.startsWith('A passkey was added'));
  expect(notice?.text).toContain('from 203.0.113.7, Firefox on Linux');
});
