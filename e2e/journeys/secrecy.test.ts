import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { signInByPasscode } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';

const canary = (where: string) => `canary-${where}-${randomBytes(12).toString('hex')}`;

test('what a message says lies nowhere in clear: not on the disk, not in the database, its queue or the logs', async ({ signet, page }) => {
  const [inText, inHtml, inFile, inHeader] = [canary('text'), canary('html'), canary('file'), canary('header')];
  const subject = `Secret ${randomBytes(3).toString('hex')}`;
  const to = 'carol@example.net';
  await sendMail(signet, {
    from: `alice@${signet.organizationDomain}`,
    to,
    subject,
    text: inText,
    html: `<p>${inHtml}</p>`,
    headers: { 'X-Canary': inHeader },
    attachments: [{ filename: 'secret.txt', content: inFile.repeat(100) }],
  });
  await page.goto(await signet.mailbox.wrapperLink(to, subject));
  await signInByPasscode(page, signet, to);
  await expect(page.frameLocator('iframe[title="Message body"]').getByText(inHtml)).toBeVisible();
  const link = page.url();
  const token = link.slice(link.indexOf('/m/') + 3).split(/[/?#]/)[0] ?? '';
  const passcodes = (await signet.mailbox.all()).flatMap((mail) => mail.subject.match(/^\d{8}/) ?? []);

  const files = filesUnder(signet.home);
  const found = (needle: string) => files.filter((file) => readFileSync(file).includes(needle));
  // The look itself is proved by what must be found: metadata, in the database.
  expect(found(subject).length).toBeGreaterThan(0);
  for (const needle of [inText, inHtml, inFile, inHeader]) {
    for (const form of [needle, Buffer.from(needle).toString('hex'), Buffer.from(needle).toString('base64').slice(0, 40)]) {
      expect(found(form), form).toEqual([]);
    }
  }
  const logs = files.filter((file) => file.startsWith(join(signet.home, 'logs')));
  expect(logs.length).toBeGreaterThanOrEqual(4);
  expect(passcodes.length).toBeGreaterThan(0);
  for (const secret of [token, ...passcodes, signet.apiKey, signet.admin.password, signet.smtp.password, subject]) {
    expect(logs.filter((file) => readFileSync(file).includes(secret))).toEqual([]);
  }
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
