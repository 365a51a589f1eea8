import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectMail } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { spamScores } from '../spam-score.ts';
import { test, type Signet } from '../signet.ts';

const name = `Legal ${randomBytes(3).toString('hex')}`;

test('the same mail under a brand is readable as wide as a phone, a reading pane and a window, light and dark, from either side', async ({
  signet,
  page,
}) => {
  const body = {
    name,
    backgroundColor: '#123C69',
    introductionText: 'sent you a confidential message',
    readButtonText: 'Read it',
    emailText: 'Open it on our secure portal. You get a one-time passcode at this address; nothing has to be installed.',
    disclaimerText: 'This message is meant for its recipient alone. If it reached you by mistake, please tell us and do not pass it on.',
    footerText: 'Acme Legal, 1 Harbour Street',
    privacyStatementUrl: 'https://acme.example/privacy',
    externalMailExpiryInDays: 30,
    translations: {
      ar: {
        introductionText: 'أرسل إليك رسالة سرّية',
        readButtonText: 'اقرأها',
        emailText: 'افتحها في بوابتنا الآمنة. يصلك رمز مرور لمرة واحدة على هذا العنوان، ولا حاجة إلى تثبيت أي شيء.',
        disclaimerText: 'هذه الرسالة لمستلمها وحده. إذا وصلتك بالخطأ فأخبرنا ولا تمرّرها.',
        footerText: 'أكمي القانونية، 1 شارع الميناء',
      },
    },
  };
  await signet.api.call(routes.createBrandingTemplate, { body });
  await signet.api.call(routes.putBrandingImage, { params: { name }, rawBody: await drawLogo(page) });

  await expectWrapper(signet, page, { subject: `Lease ${name}`, text: 'Read it', picture: 'mail-branded' });
  await signet.api.call(routes.changeBrandingTemplate, { params: { name }, body: { mailLanguage: 'ar' } });
  await expectWrapper(signet, page, { subject: `Contract ${name}`, text: 'اقرأها', picture: 'mail-branded-arabic' });
});

/** Sends a message under the brand, and looks at its wrapper mail with the logo that is attached to it. */
async function expectWrapper(
  signet: Signet,
  page: Page,
  { subject, text, picture }: { readonly subject: string; readonly text: string; readonly picture: string },
): Promise<void> {
  const from = `alice@${signet.organizationDomain}`;
  await sendMail(signet, { from, to: 'bob@example.net', subject, text: 'The draft.', headers: { 'X-Signet-Template': name } });
  const { id, html = '' } = await signet.mailbox.waitFor(`wrapper of ${subject}`, (mail) => mail.subject === subject);
  await expectSendersMail(await signet.mailbox.source(id), `alice@${signet.organizationDomain}`);
  // The mailbox has put the picture that is attached to the mail where its HTML names it.
  expect(html).toContain('src="data:image/png;base64,');
  await expectMail(page, html, picture);
  await expect(page.getByRole('link', { name: text })).toBeVisible();
  await expect(page.getByRole('img')).toHaveJSProperty('complete', true);
}

/** A PNG as an organization would upload it, larger than what is shown of it. */
async function drawLogo(page: Page): Promise<Uint8Array<ArrayBuffer>> {
  await page.setContent(
    '<div id="logo" style="width:600px;height:200px;font:700 120px sans-serif;color:#123C69;background:#fff;padding:20px">ACME</div>',
  );
  return Uint8Array.from(await page.locator('#logo').screenshot());
}

/** It is its sender's: replies and absence notices go to them. And no filter takes it for spam. */
async function expectSendersMail(source: string, sender: string): Promise<void> {
  const [header = ''] = source.split(/\r?\n\r?\n/, 1);
  expect(header).toMatch(new RegExp(`^From: .*${sender}`, 'm'));
  expect(header).not.toMatch(/^(?:Reply-To|Auto-Submitted):/im);
  const [found] = await spamScores([source]);
  expect(found?.score, found?.rules).toBeLessThan(2);
}
