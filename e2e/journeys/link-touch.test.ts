import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

/** How many touches an entry stands for. */
function countOf(entry: { operationProperties: { name: string; value: string }[] }): number {
  return Number(entry.operationProperties.find(({ name }) => name === 'Count')?.value);
}

test('a scanner that follows the link leaves one gathered touch, and no reading, no passcode and no session', async ({ signet }) => {
  const subject = `Scanned ${randomBytes(3).toString('hex')}`;
  const to = 'erin@example.net';
  const answer = await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to, subject, text: 'For Erin.' });
  const messageId = answer.slice(answer.indexOf('<'));
  const link = await signet.mailbox.wrapperLink(to, subject);

  const visits = await Promise.all(
    ['HEAD', ...Array<string>(8).fill('GET')].map((method) => fetch(link, { method, headers: { 'user-agent': 'LinkScanner/1.0' } })),
  );
  expect(visits.map((visit) => visit.status)).toEqual(Array(9).fill(200));
  expect(visits.flatMap((visit) => visit.headers.getSetCookie())).toEqual([]);

  const entries = async () => (await signet.api.call(routes.listAuditEntries, { query: { messageId } })).items;
  const touches = async () => (await entries()).filter((entry) => entry.operation === 'LinkTouch');
  // A minute is gathered before it becomes an entry.
  await expect.poll(async () => (await touches()).reduce((sum, entry) => sum + countOf(entry), 0), { timeout: 100_000 }).toBe(9);
  const seen = new Set((await entries()).map((entry) => entry.operation));
  expect([...seen].toSorted()).toEqual(['LinkTouch', 'MessageSend', 'WrapperDelivery']);
  const message = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  expect(message.recipients).toMatchObject([{ address: to, accessState: 'unopened', openedAt: null }]);
});
