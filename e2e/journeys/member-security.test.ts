import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { routes } from '@signet/api-contract/routes';
import { secretsOf } from '../database.ts';
import { addPasskeyDevice, ageSessions, authenticatorApp, invitationLink, signOut, typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

test('a member is invited, proves who they are in every way there is, may do what the role says, and is out at once when removed', async ({
  signet,
  browser,
  page: admin,
}) => {
  const member = {
    email: `ines-${randomBytes(3).toString('hex')}@${signet.organizationDomain}`,
    password: `four quiet horses ${randomBytes(4).toString('hex')}`,
  };
  const context = await browser.newContext();
  const page = await context.newPage();

  await test.step('the admin invites by mail; a wrong address is said at the box, and nothing typed is lost', async () => {
    await admin.goto(`${signet.portalUrl}/admin/members`);
    await typePassword(admin, signet.admin);
    await expect(admin).toHaveURL(`${signet.portalUrl}/admin/members`);
    await admin.getByRole('button', { name: 'Invite a member' }).click();
    await admin.getByLabel('Email').fill('ines@elsewhere.example');
    await admin.getByRole('radio', { name: 'Auditor' }).check();
    await admin.getByRole('button', { name: 'Send invitation' }).click();
    await expect(admin.getByText('one of the organization’s domains:')).toBeVisible();
    await expect(admin.getByLabel('Email')).toBeFocused();
    await expectScreen(admin, 'admin-invite', { fullPage: false });
    await expect(admin.getByRole('radio', { name: 'Auditor' })).toBeChecked();
    await admin.getByLabel('Email').fill(member.email);
    await admin.getByRole('button', { name: 'Send invitation' }).click();
    await expect(admin.getByText(`The invitation to ${member.email} is on its way.`)).toBeVisible();
    await expect(rowOf(admin, member.email)).toContainText('Invited');
  });

  await test.step('the invited member chooses a password and is in; the link is good once', async () => {
    const link = await invitationLink(signet, member.email);
    await page.goto(link);
    await expect(page.getByText(member.email)).toBeVisible();
    await expectScreen(page, 'admin-invitation');
    await choosePassword(page, 'short');
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page.getByText('It must have at least')).toBeVisible();
    await choosePassword(page, member.password);
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    const stranger = await browser.newPage();
    await stranger.goto(link);
    await expect(stranger.getByRole('heading', { name: 'This invitation is no longer good' })).toBeVisible();
    await expectScreen(stranger, 'admin-invitation-void');
    await stranger.close();
  });

  await test.step('an auditor sees no act that the role forbids, and gets none by hand', async () => {
    const message = await messageOf(signet);
    await page.goto(`${signet.portalUrl}/admin/messages/${message}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Revoke' })).toHaveCount(0);
    await page.goto(`${signet.portalUrl}/admin/settings`);
    await expect(page.getByRole('switch', { name: 'Tracking' })).toBeDisabled();
    await expect(page.getByRole('link', { name: 'Members' })).toHaveCount(0);
    await page.goto(`${signet.portalUrl}/admin/members`);
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
    const token = (await context.cookies(`${signet.portalUrl}/admin`)).find(({ name }) => name === 'signet-member')?.value ?? '';
    const headers = { authorization: `Bearer ${token}`, [portalHeader.secret]: secretsOf(signet).portalSecret };
    expect((await fetch(`${signet.apiUrl}/v1/members`, { headers })).status).toBe(403);
    const body = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' };
    expect((await fetch(`${signet.apiUrl}/v1/messages/${message}/revocation`, body)).status).toBe(403);
  });

  await test.step('where the organization asks for a second factor, setting one up comes before anything else', async () => {
    await signet.api.call(routes.changeConfiguration, { body: { requireSecondFactor: true } });
    try {
      await page.goto(`${signet.portalUrl}/admin/messages`);
      await expect(page).toHaveURL(`${signet.portalUrl}/admin/account`);
      await expect(page.getByText('Your organization asks every member for a second factor.')).toBeVisible();
      await expectScreen(page, 'admin-enrolment');
    } finally {
      await signet.api.call(routes.changeConfiguration, { body: { requireSecondFactor: false } });
    }
  });

  let nextCode: (() => string) | undefined;
  let recoveryCode = '';
  await test.step('an authenticator app is set up by its secret, and recovery codes are shown once', async () => {
    await page.goto(`${signet.portalUrl}/admin/account`);
    await page.getByRole('button', { name: 'Set up' }).click();
    await expect(page.getByRole('img', { name: /QR code/ })).toHaveJSProperty('complete', true);
    await expectScreen(page, 'admin-totp', { fullPage: false });
    nextCode = authenticatorApp(await page.getByRole('dialog').locator('code').innerText());
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await expect(page.getByText('This code is not right.')).toBeVisible();
    await page.getByLabel('Code').fill(nextCode?.() ?? '');
    await page.getByRole('button', { name: 'Confirm' }).click();
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await expect(codes).toHaveCount(10);
    recoveryCode = await codes.first().innerText();
    await expectScreen(page, 'admin-recovery-codes', { fullPage: false });
    await page.keyboard.press('Escape');
    await expect(codes).toHaveCount(10);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await expect(page.getByText('10 left.')).toBeVisible();
  });

  await test.step('signing in takes two steps: a wrong code is refused, a right one leads to the page that was asked for', async () => {
    await signOut(page);
    await page.goto(`${signet.portalUrl}/admin/account`);
    await typePassword(page, member);
    await expect(page.getByRole('heading', { name: 'Second step' })).toBeVisible();
    await expectScreen(page, 'admin-second-step');
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText('This code is not right, or was used before.')).toBeVisible();
    await page.getByLabel('Code').fill(nextCode?.() ?? '');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page).toHaveURL(`${signet.portalUrl}/admin/account`);
  });

  await test.step('a passkey is added and signs in alone', async () => {
    await addPasskeyDevice(context, page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await expectScreen(page, 'admin-passkey', { fullPage: false });
    await page.getByLabel('Name').fill('Work laptop');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText('The passkey is added.')).toBeVisible();
    await page.getByRole('button', { name: 'Rename Work laptop' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Blue key');
    await page.getByRole('button', { name: 'Save name' }).click();
    await page.getByRole('button', { name: 'Remove Blue key' }).click();
    await expectScreen(page, 'admin-passkey-removal', { fullPage: false });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await signOut(page);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    await page.goto(`${signet.portalUrl}/admin/account`);
    await expectScreen(page, 'admin-account');
  });

  const elsewhere = await browser.newPage();
  await test.step('a recovery code stands in once; the session it opened is listed, and ended from the other', async () => {
    await signInByRecoveryCode(elsewhere, signet, member, recoveryCode);
    await expect(elsewhere.getByRole('navigation', { name: 'Main' })).toBeVisible();
    await elsewhere.goto(`${signet.portalUrl}/admin/records`);
    await page.reload();
    await expect(page.getByText('9 left.')).toBeVisible();
    await page.getByRole('button', { name: /^End (?!all)/ }).click();
    await expectScreen(page, 'admin-session-end', { fullPage: false });
    await page.getByRole('button', { name: 'End session' }).click();
    await expect(page.getByText('The session has ended.')).toBeVisible();
    await elsewhere.getByRole('link', { name: 'Messages' }).click();
    await expect(elsewhere).toHaveURL(`${signet.portalUrl}/admin?next=%2Fadmin%2Fmessages`);
    await expect(elsewhere.getByText('Your session has ended.')).toBeVisible();
    await expectScreen(elsewhere, 'admin-session-ended');
    await signInByRecoveryCode(elsewhere, signet, member, recoveryCode);
    await expect(elsewhere.getByText('This code is not right, or was used before.')).toBeVisible();
    await elsewhere.close();
  });

  await test.step('a session without activity ends; signed in again, the member is back on the page', async () => {
    await ageSessions(signet, member.email, 'last_seen_at', '2 hours');
    await page.goto(`${signet.portalUrl}/admin/records`);
    await expect(page.getByText('Your session has ended.')).toBeVisible();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await expect(page).toHaveURL(`${signet.portalUrl}/admin/records`);
  });

  await test.step('the last admin is protected, in words that say what to do', async () => {
    await admin.reload();
    await openMenu(admin, member.email);
    await expectScreen(admin, 'admin-member-menu', { fullPage: false });
    await admin.keyboard.press('Escape');
    await openAct(admin, signet.admin.email, 'Remove');
    await expect(admin.getByText('is the only active admin')).toBeVisible();
    await expect(admin.getByRole('button', { name: 'Remove member' })).toHaveCount(0);
    await expectScreen(admin, 'admin-last-admin', { fullPage: false });
    await admin.getByRole('dialog').getByText('Close').first().click();
  });

  await test.step('an act that asks for a recent proof opens the dialog, and goes on with what was typed', async () => {
    await ageSessions(signet, signet.admin.email, 'authenticated_at', '1 hour');
    await openAct(admin, member.email, 'Change role');
    await expectScreen(admin, 'admin-member-role', { fullPage: false });
    await admin.getByRole('radio', { name: 'Compliance' }).check();
    await admin.getByRole('button', { name: 'Change role' }).click();
    await expect(admin.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible();
    await expectScreen(admin, 'admin-reauthentication', { fullPage: false });
    await admin.getByRole('button', { name: 'Not now' }).click();
    await expect(admin.getByText('you did not confirm that it is you')).toBeVisible();
    await expect(admin.getByRole('radio', { name: 'Compliance' })).toBeChecked();
    await admin.getByRole('button', { name: 'Change role' }).click();
    await prove(admin, 'not the password');
    await expect(admin.getByText('This is not right. Try again.')).toBeVisible();
    await prove(admin, signet.admin.password);
    await expect(admin.getByText(`${member.email} has the new role.`)).toBeVisible();
    await expect(rowOf(admin, member.email)).toContainText('Compliance');
    await expectScreen(admin, 'admin-members');
  });

  await test.step('every other act says first what it means, and a change of mind changes nothing', async () => {
    for (const [act, picture] of [
      ['Send password reset', 'password-reset'],
      ['End sessions', 'sessions-end'],
      ['Reset second factor', 'factor-reset'],
      ['Disable', 'disabling'],
    ] as const) {
      await openAct(admin, member.email, act);
      await expect(admin.getByRole('dialog')).toContainText(member.email);
      await expectScreen(admin, `admin-member-${picture}`, { fullPage: false });
      await admin.getByRole('button', { name: 'Cancel' }).click();
      await expect(admin.getByRole('dialog')).toHaveCount(0);
    }
    const requirement = admin.getByRole('switch', { name: 'Require a second factor' });
    await requirement.click();
    await expect(admin.getByRole('dialog')).toContainText('Require a second factor of every member?');
    await expectScreen(admin, 'admin-second-factor-requirement', { fullPage: false });
    await admin.getByRole('button', { name: 'Cancel' }).click();
    await expect(requirement).not.toBeChecked();
  });

  await test.step('a revocation asks too, and keeps its reason', async () => {
    const message = await messageOf(signet);
    await ageSessions(signet, signet.admin.email, 'authenticated_at', '1 hour');
    await admin.goto(`${signet.portalUrl}/admin/messages/${message}`);
    await admin.getByRole('button', { name: 'Revoke', exact: true }).click();
    await admin.getByLabel('Reason').fill('Typed before the proof');
    await admin.getByRole('button', { name: 'Revoke message' }).click();
    await prove(admin, signet.admin.password);
    await expect(admin.getByRole('button', { name: 'Restore', exact: true })).toBeVisible();
    expect(await signet.api.call(routes.getMessage, { params: { message } })).toMatchObject({ reason: 'Typed before the proof' });
  });

  await test.step('who is removed is out at the next click, and cannot come back', async () => {
    await admin.goto(`${signet.portalUrl}/admin/members`);
    await openAct(admin, member.email, 'Remove');
    await expectScreen(admin, 'admin-member-removal', { fullPage: false });
    await admin.getByRole('button', { name: 'Remove member' }).click();
    await expect(admin.getByText(`${member.email} is removed.`)).toBeVisible();
    await page.getByRole('link', { name: 'Account' }).click();
    await expect(page.getByText('Your session has ended.')).toBeVisible();
    await typePassword(page, member);
    await expect(page.getByText('The email or the password is wrong.')).toBeVisible();
    await expectScreen(page, 'admin-sign-in-refused');
  });
  await context.close();
});

async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again').fill(password);
}

async function signInByRecoveryCode(page: Page, signet: Signet, member: { email: string; password: string }, code: string): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin`);
  await typePassword(page, member);
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function prove(page: Page, password: string): Promise<void> {
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Confirm' }).click();
}

function rowOf(page: Page, email: string) {
  return page.getByRole('row').filter({ hasText: email });
}

/** Opens what can be done with a member. On a page that has just come a click may be too early for its script: people click again. */
async function openMenu(page: Page, email: string): Promise<void> {
  const menu = page.getByRole('menu');
  await expect(async () => {
    // By keyboard: a pointer that is let go over a menu that has opened meanwhile has chosen from it.
    if (!(await menu.isVisible())) await page.getByRole('button', { name: `Acts for ${email}` }).press('ArrowDown');
    await expect(menu).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
}

async function openAct(page: Page, email: string, act: string): Promise<void> {
  await openMenu(page, email);
  await page.getByRole('menuitem', { name: act }).click();
}

/** The id of a message that was just accepted. */
async function messageOf(signet: Signet): Promise<string> {
  const subject = `Members ${randomBytes(3).toString('hex')}`;
  const answer = await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: 'bob@example.net', subject, text: 'Dear Bob.' });
  const { id } = await signet.api.call(routes.getMessage, { params: { message: answer.slice(answer.indexOf('<')) } });
  return id;
}
