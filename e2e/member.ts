import { randomBytes } from 'node:crypto';
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import type { Role } from '@signet/domain/role';
import { Secret, TOTP } from 'otpauth';
import { runStatement } from './database.ts';
import type { Signet } from './signet.ts';

/** Types an address and a password on the sign-in page that is open. */
export async function typePassword(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

/** The link of an invitation, alone on a line of the newest mail to an address. */
export async function invitationLink(signet: Signet, to: string): Promise<string> {
  const line = /^https?:\/\/\S+\/admin\/invitation\/\S+$/m;
  const mail = await signet.mailbox.waitFor(
    `invitation to ${to}`,
    (each) => each.to.some(({ address }) => address === to) && line.test(each.text),
  );
  const [link] = line.exec(mail.text) ?? [];
  if (!link) throw new Error('The invitation has no link');
  return link;
}

/** Invites somebody to a role, and joins as them. */
export async function joinAs(role: Role, signet: Signet, browser: Browser): Promise<Page> {
  const mark = randomBytes(3).toString('hex');
  const email = `${role}-${mark}@${signet.organizationDomain}`;
  await signet.api.call(routes.inviteMember, { body: { email, role } });
  const page = await browser.newPage();
  await page.goto(await invitationLink(signet, email));
  await page.getByLabel('New password', { exact: true }).fill(`four quiet horses ${mark}`);
  await page.getByLabel('New password again').fill(`four quiet horses ${mark}`);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page).toHaveURL(`${signet.portalUrl}/admin/messages`);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  return page;
}

/**
 * An authenticator app with a secret. Each code is good once, and those of the step before and after the present one are taken
 * too: so a second call in the same half minute gives the next step's code.
 */
export function authenticatorApp(secret: string): () => string {
  const app = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
  let step = 0;
  return () => {
    step = Math.max(step + 1, Math.floor(Date.now() / 30_000));
    return app.generate({ timestamp: step * 30_000 });
  };
}

/** Gives a page a device with a lock that makes and keeps passkeys, and that its owner unlocks at once. */
export async function addPasskeyDevice(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Lets time pass for a member's sessions. */
export async function ageSessions(
  signet: Signet,
  email: string,
  column: 'authenticated_at' | 'last_seen_at' | 'expires_at',
  by: string,
): Promise<void> {
  const statement = `update member_session set ${column} = ${column} - $2::interval where member_id = (select id from member where email = $1)`;
  expect(await runStatement(signet, statement, [email, by])).toBeGreaterThan(0);
}
