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

  const forms = [inText, inHtml, inFile, inHeader].flatMap((needle) => [
    needle,
    Buffer.from(needle).toString('hex'),
    Buffer.from(needle).toString('base64').slice(0, 40),
  ]);
  const secrets = [token, ...passcodes, signet.apiKey, signet.admin.password, signet.smtp.password, subject];
  const logs = join(signet.home, 'logs');
  const leaks: string[] = [];
  let filesWithSubject = 0;
  let logFiles = 0;
  for (const file of filesUnder(signet.home)) {
    const bytes = contentOf(file);
    if (bytes.includes(subject)) filesWithSubject += 1;
    if (forms.some((form) => bytes.includes(form))) leaks.push(`content in ${file}`);
    if (!file.startsWith(logs)) continue;
    logFiles += 1;
    if (secrets.some((secret) => bytes.includes(secret))) leaks.push(`a secret in ${file}`);
  }
  expect(leaks).toEqual([]);
  // The look itself is proved by what must be found: metadata in the database, passcodes in the mailbox, a log per process.
  expect(filesWithSubject).toBeGreaterThan(0);
  expect(passcodes.length).toBeGreaterThan(0);
  expect(logFiles).toBeGreaterThanOrEqual(4);
});

/** What a file holds now; nothing where a running database has just put it away. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
