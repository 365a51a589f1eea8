import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { createClient } from '@signet/api-contract/client';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { routes } from '@signet/api-contract/routes';
import { createTransport } from 'nodemailer';
import { secretsOf } from '../database.ts';
import { test } from '../signet.ts';

const MESSAGES = 500;

/** All texts of a template, of one version. */
const look = (version: number) => ({
  introductionText: `introduction ${version};`,
  emailText: `email ${version};`,
  readButtonText: `button ${version};`,
  disclaimerText: `disclaimer ${version};`,
  portalText: `portal ${version};`,
  footerText: `footer ${version};`,
});

test('a template changes again and again while 500 messages are on their way: each has one look, whole, in its mail and on its page', async ({
  signet,
}) => {
  const { api, smtp, mailbox } = signet;
  const name = `Changing ${randomBytes(3).toString('hex')}`;
  await api.call(routes.createBrandingTemplate, { body: { name, ...look(0) } });
  const transport = createTransport({
    pool: true,
    maxConnections: 10,
    host: smtp.host,
    port: smtp.port,
    ignoreTLS: true,
    auth: { user: smtp.username, pass: smtp.password },
  });
  const sent = Promise.all(
    Array.from({ length: MESSAGES }, (_, index) =>
      transport.sendMail({
        // Nobody else's: other journeys turn the pages of Alice's messages one by one.
        from: `crowd@${signet.organizationDomain}`,
        to: `reader-${index}@example.net`,
        subject: `${name} ${index}`,
        text: 'Hello.',
        headers: { 'X-Signet-Template': name },
      }),
    ),
  );
  const arrived = new AbortController();
  void sent.finally(() => arrived.abort()).catch(() => undefined);
  let version = 0;
  while (!arrived.signal.aborted) {
    version += 1;
    await api.call(routes.changeBrandingTemplate, { params: { name }, body: look(version) });
  }
  await sent;
  transport.close();

  const wrappers = async () => (await mailbox.all()).filter(({ subject }) => subject.startsWith(`${name} `));
  await expect.poll(async () => (await wrappers()).length, { timeout: 120_000, intervals: [1_000] }).toBe(MESSAGES);
  const { portalSecret } = secretsOf(signet);
  const looks = await Promise.all(
    (await wrappers()).map(async ({ subject, text, html = '' }) => {
      const index = Number(subject.split(' ').at(-1));
      const token = /\/m\/(\S+)$/m.exec(text)?.[1] ?? '';
      const visitor = { [portalHeader.secret]: portalSecret, [portalHeader.visitorIp]: `2001:db8:${index.toString(16)}::1` };
      const { branding } = await createClient({ baseUrl: signet.apiUrl, headers: visitor }).call(routes.getLink, { params: { token } });
      const page = [branding.portalText, branding.disclaimerText, branding.footerText].join(' ');
      return { index, text: versionsIn(text), html: versionsIn(html), page: versionsIn(page) };
    }),
  );
  expect(looks.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(Array.from({ length: MESSAGES }, (_, index) => index));
  for (const { index, text, html, page } of looks) {
    const [only = ''] = Object.values(text);
    const whole = (...parts: string[]) => Object.fromEntries(parts.map((part) => [part, only]));
    expect.soft({ text, html, page }, `message ${index}`).toEqual({
      text: whole('introduction', 'email', 'button', 'disclaimer', 'footer'),
      html: whole('introduction', 'email', 'button', 'disclaimer', 'footer'),
      page: whole('portal', 'disclaimer', 'footer'),
    });
  }
  const versions = new Set(looks.map(({ text }) => text['introduction']));
  console.log(`${version} changes of the template; the messages have ${versions.size} looks.`);
  expect(versions.size).toBeGreaterThan(10);
  await api.call(routes.removeBrandingTemplate, { params: { name } });
  await mailbox.clear();
});

/** Which version of each of a template's texts stands in a text; where there is more than one, all of them. */
function versionsIn(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, part = '', version = ''] of text.matchAll(/\b(introduction|email|button|disclaimer|portal|footer) (\d+);/g)) {
    const before = found[part];
    found[part] = before === undefined || before === version ? version : `${before} and ${version}`;
  }
  return found;
}
