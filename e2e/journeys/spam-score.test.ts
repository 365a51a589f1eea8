import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { recipientLanguage } from '@signet/domain/recipient-language';
import { signInByPasscode } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { test } from '../signet.ts';
import { spamScores } from '../spam-score.ts';

/** SpamAssassin calls a mail spam from 5 on; servers that are stricter than it begin at 3. */
const LIMIT = 2;

test('no mail to a recipient is near to being taken for spam, in any language or in two', async ({ signet, page }) => {
  const to = 'bob@example.net';
  const mark = randomBytes(3).toString('hex');
  const send = async (...mailLanguages: (typeof recipientLanguage.options)[number][]) => {
    await signet.api.call(routes.changeConfiguration, { body: { mailLanguages } });
    const subject = `Your contract ${mark} ${mailLanguages.join(' ')}`;
    await sendMail(signet, { from: `Alice Smith <alice@${signet.organizationDomain}>`, to, subject, text: 'As agreed.' });
    return subject;
  };
  const subjects: string[] = [];
  for (const language of recipientLanguage.options) subjects.push(await send(language));
  const bilingual = await send('en', 'de');
  await signet.api.call(routes.changeConfiguration, { body: { mailLanguages: ['en'] } });
  await page.goto(await signet.mailbox.wrapperLink(to, bilingual));
  await signInByPasscode(page, signet, to);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(bilingual);

  const mails = [];
  for (const subject of [...subjects, bilingual]) mails.push(await signet.mailbox.waitFor(subject, (mail) => mail.subject === subject));
  mails.push(await signet.mailbox.waitFor('passcode', ({ subject }) => subject.includes('passcode')));
  const sources = await Promise.all(mails.map(({ id }) => signet.mailbox.source(id)));
  const scores = await spamScores(sources);
  for (const [index, { score, rules }] of scores.entries()) {
    console.log(`${score}  ${mails[index]?.subject}  ${rules}`);
    expect.soft(score, `${mails[index]?.subject}: ${rules}`).toBeLessThan(LIMIT);
  }
});

test('what measures would see spam', async () => {
  // GTUBE, the text that every SpamAssassin takes for spam.
  const spam = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
  const [found] = await spamScores([`From: a@example.org\r\nTo: b@example.net\r\nSubject: Offer\r\n\r\n${spam}\r\n`]);
  expect(found?.score).toBeGreaterThan(100);
  expect(found?.rules).toContain('GTUBE');
});
