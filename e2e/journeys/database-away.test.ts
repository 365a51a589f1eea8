import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { withoutDatabase } from '../database.ts';
import { signInByPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

test('while the database is away a reader is told to come back, and gets no byte of the message; then it is there again', async ({
  signet,
  page,
}) => {
  const [subject, text, file] = ['subject', 'text', 'file'].map((what) => `${what} ${randomBytes(6).toString('hex')}`);
  const reader = 'bob@example.net';
  await sendMail(signet, {
    from: `alice@${signet.organizationDomain}`,
    to: reader,
    subject: subject ?? '',
    text: text ?? '',
    attachments: [{ filename: 'notes.txt', content: file ?? '' }],
  });
  const link = await signet.mailbox.wrapperLink(reader, subject ?? '');
  await page.goto(link);
  await signInByPasscode(page, signet, reader);
  const body = page.frameLocator('iframe').getByText(text ?? '');
  await expect(body).toBeVisible();
  const attachment = (await page.getByRole('link', { name: /Download/ }).getAttribute('href')) ?? '';
  const urls = [link, await body.evaluate(({ baseURI }) => baseURI), new URL(attachment, link).href, `${link}/original`];
  const answers = () =>
    Promise.all(
      urls.map(async (url) => {
        const answer = await page.request.get(url);
        return { url, status: answer.status(), said: await answer.text() };
      }),
    );
  for (const { url, status } of await answers()) expect(status, url).toBe(200);

  await withoutDatabase(signet, async () => {
    for (const { url, status, said } of await answers()) {
      expect.soft(status, url).toBe(503);
      for (const secret of [subject, text, file]) expect(said).not.toContain(secret);
    }
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Try again soon');
    await expectScreen(page, 'recipient-away');
  });

  await page.reload();
  await expect(body).toBeVisible();
});
