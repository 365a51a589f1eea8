import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signInByPasscode } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

test('a download through the portal is cut within a second of the revocation, and the trail says how far it came', async ({
  signet,
  page,
}) => {
  const subject = `Large ${randomBytes(3).toString('hex')}`;
  const to = 'dave@example.net';
  const file = randomBytes(80 * 1024 * 1024);
  const answer = await sendMail(signet, {
    from: `alice@${signet.organizationDomain}`,
    to,
    subject,
    text: 'A large file.',
    attachments: [{ filename: 'large.bin', content: file }],
  });
  const messageId = answer.slice(answer.indexOf('<'));
  await page.goto(await signet.mailbox.wrapperLink(to, subject));
  await signInByPasscode(page, signet, to);
  const link = page
    .getByRole('listitem')
    .filter({ hasText: 'large.bin' })
    .getByRole('link', { name: /Download/ });
  const url = new URL((await link.getAttribute('href')) ?? '', page.url());
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

  // A reader that takes little at a time: the file is under way when it is taken back.
  const [response] = (await once(get(url, { headers: { cookie: cookies } }), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  let received = 0;
  let cutAt = 0;
  let end: 'open' | 'complete' | 'cut' = 'open';
  response.on('error', () => (end = 'cut'));
  response.on('close', () => {
    if (end === 'open') end = response.complete ? 'complete' : 'cut';
    cutAt = performance.now();
  });
  let size = 16_384;
  const reading = setInterval(() => {
    const chunk = (response.read(size) ?? response.read()) as Buffer | null;
    received += chunk?.length ?? 0;
  }, 10);
  await expect.poll(() => received).toBeGreaterThan(100_000);

  await signet.api.call(routes.revokeMessage, { params: { message: messageId }, body: { reason: 'cut' } });
  const revokedAt = performance.now();
  // What the kernel holds already may still be read; then the connection must be gone, and not as if it were whole. A reader who takes all that
  // comes has 80 MiB sooner than the second is over: this one takes 25 MiB a second at most.
  size = 262_144;
  await expect.poll(() => end, { intervals: [20] }).not.toBe('open');
  clearInterval(reading);
  expect(end).toBe('cut');
  expect(cutAt - revokedAt).toBeLessThan(1_000);
  expect(received).toBeLessThan(file.length);

  const exposure = await signet.api.call(routes.getExposure, { params: { message: messageId } });
  const downloads = exposure.recipients.flatMap(({ before }) => before.filter((step) => step.operation === 'AttachmentDownload'));
  expect(downloads).toMatchObject([{ attachmentName: 'large.bin', complete: false }]);
});
