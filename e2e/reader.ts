import { expect, type Page } from '@playwright/test';
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
