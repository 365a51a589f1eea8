import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { createTransport } from 'nodemailer';
import { differences, expected, readAsSent } from '../mail-corpus.ts';
import { test } from '../signet.ts';

test('all 113 real and broken messages go through SMTP, and the api shows their subjects and attachments', async ({ signet }) => {
  const { smtp } = signet;
  const transport = createTransport({
    pool: true,
    maxConnections: 4,
    host: smtp.host,
    port: smtp.port,
    ignoreTLS: true,
    auth: { user: smtp.username, pass: smtp.password },
  });
  const names = Object.keys(expected);
  expect(names).toHaveLength(113);
  const wrong = await Promise.all(
    names.map(async (name) => {
      const envelope = { from: `corpus@${signet.organizationDomain}`, to: ['reader@example.net'] };
      const { response } = await transport.sendMail({ envelope, raw: readAsSent(name) });
      const messageId = response.match(/^250 2\.0\.0 Accepted (<.+>)$/)?.[1];
      if (!messageId) return { name, response };
      return differenceOf(name, await messageOf(messageId));
    }),
  );
  transport.close();
  expect(wrong.filter((each) => each !== null)).toEqual([]);

  /** Several messages of the corpus share a Message-ID: the candidates say which is which by their subjects. */
  async function messageOf(messageId: string) {
    const page = await signet.api.call(routes.listMessages, { query: { messageId, limit: 500 } });
    return Promise.all(page.items.map(({ id }) => signet.api.call(routes.getMessage, { params: { message: id } })));
  }
});

interface SeenMessage {
  subject: string | null;
  attachments: { name: string | null; size: number; sha256: string }[];
}

/** What a message shows other than it should, null where it shows what it should. */
function differenceOf(name: string, found: readonly SeenMessage[]) {
  const wanted = expected[name];
  const difference = differences[name];
  const subject = difference?.subject === undefined ? (wanted?.subject ?? null) : difference.subject;
  const attachments = difference?.attachments ?? wanted?.parts ?? [];
  const shown = found.map((message) => ({
    subject: message.subject,
    attachments: message.attachments.map(({ name: file, size, sha256 }) => ({ name: file, size, sha256 })),
  }));
  // Null is a subject that the privacy policy hides; the subject of a message without one is empty.
  const want = { subject: subject ?? '', attachments: attachments.map(({ name: file, size, sha256 }) => ({ name: file, size, sha256 })) };
  return shown.some((each) => JSON.stringify(each) === JSON.stringify(want)) ? null : { name, want, shown };
}
