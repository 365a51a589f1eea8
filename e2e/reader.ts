import { expect, type Browser, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { sendMail } from './send-mail.ts';
import type { Signet } from './signet.ts';

/** Gets a passcode on the page of a link and opens the message with it. */
export async function signInByPasscode(page: Page, signet: Signet, address: string): Promise<void> {
  await page.getByRole('button', { name: 'Get a one-time passcode' }).click();
  await enterPasscode(page, signet, address);
}

/** Takes the passcode that was asked for from the mailbox, by the reference that the page shows, and opens the message. */
export async function enterPasscode(page: Page, signet: Signet, address: string): Promise<void> {
  await expect(page.getByLabel('Passcode')).toBeVisible();
  const [reference] = (await page.locator('main').innerText()).match(/\b[A-Z0-9]{4}-[A-Z0-9]{2}\b/) ?? [];
  if (!reference) throw new Error('The page shows no reference');
  await page.getByLabel('Passcode').fill(await signet.mailbox.passcode(address, reference));
  await page.getByRole('button', { name: 'Open message' }).click();
}

/** Sends a message under a subject, and reads it as its recipient. @returns its id. */
export async function readMessage(signet: Signet, browser: Browser, subject: string): Promise<string> {
  const answer = await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: 'bob@example.net', subject, text: 'Hello.' });
  const reader = await browser.newPage();
  await reader.goto(await signet.mailbox.wrapperLink('bob@example.net', subject));
  await signInByPasscode(reader, signet, 'bob@example.net');
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(subject);
  await reader.close();
  const { id } = await signet.api.call(routes.getMessage, { params: { message: answer.slice(answer.indexOf('<')) } });
  return id;
}
