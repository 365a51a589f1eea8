import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectFault, expectPasswordFaults, odd, withoutLimits } from '../bad-input.ts';
import { addPasskeyDevice, ageSessions, authenticatorApp, invitationLink, signOut, typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

const long = 'x'.repeat(2000);

test('every form of the admin portal says at the box what is wrong, and keeps what was typed', async ({ signet, page, context }) => {
  test.setTimeout(600_000);
  const member = { email: `pia-${randomBytes(3).toString('hex')}@${signet.organizationDomain}`, password: 'seven quiet harbours' };
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const dialog = page.getByRole('dialog');
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const box = (name: string) => page.getByLabel(name, { exact: true });

  let invited = '';
  await test.step('a new password, where an invitation is accepted', async () => {
    invited = (await signet.api.call(routes.inviteMember, { body: { email: member.email, role: 'admin' } })).id;
    await page.goto(await invitationLink(signet, member.email));
    await withoutLimits(page);
    await expectPasswordFaults(page, 'Join');
    await expectScreen(page, 'admin-invitation-refused');
    await box('New password').fill(member.password);
    await box('New password again').fill(member.password);
    await press('Join');
    await expect(page).toHaveURL(admin('messages'));
  });

  await test.step('the address and role of an invitation', async () => {
    await page.goto(admin('members'));
    await press('Invite a member');
    await dialog.getByRole('radio', { name: 'Helpdesk' }).check();
    await withoutLimits(page);
    for (const text of ['ines', 'ines@elsewhere.example', ...odd.slice(0, 3), long]) {
      await box('Email').fill(text);
      const typed = await box('Email').inputValue();
      await press('Send invitation');
      await expect(dialog.getByRole('button', { name: 'Send invitation' })).toBeEnabled();
      await expectFault(box('Email'), typed, /It (must|is)/);
      await expect(box('Email')).toBeFocused();
    }
    await expect(dialog.getByRole('radio', { name: 'Helpdesk' })).toBeChecked();
    await box('Email').fill(member.email);
    await press('Send invitation');
    await expectFault(box('Email'), member.email, /There is a member with this address/);
    await page.keyboard.press('Escape');
  });

  await test.step('the names of keys and credentials, and what a key may do', async () => {
    await page.goto(admin('access'));
    for (const [open, submit] of [
      ['Create API key', 'Create key'],
      ['Create SMTP credential', 'Create credential'],
    ] as const) {
      await press(open);
      await withoutLimits(page);
      await press(submit);
      await expectFault(box('Name'), '', /Give it a name/);
      const scope = dialog.getByLabel('messages:read');
      const scopes = dialog.getByRole('group', { name: 'What it may do' });
      if (open === 'Create API key') {
        await expect(scopes).toHaveAccessibleDescription('Choose at least one.');
        await expectScreen(page, 'admin-access-refused', { fullPage: false });
        await scope.check();
      }
      for (const text of ['\u0001\u0007', long]) {
        await box('Name').fill(text);
        await press(submit);
        await expectFault(box('Name'), text, /It must/);
      }
      if (open === 'Create API key') {
        await box('Name').fill('FIRST key');
        await press(submit);
        await expectFault(box('Name'), 'FIRST key', /It is taken by the API key “First key”.*choose another name/);
      }
      await expect(scope.and(page.locator(':not(:checked)'))).toHaveCount(0);
      await page.keyboard.press('Escape');
    }
  });

  await test.step('the password that is changed', async () => {
    await page.goto(admin('account'));
    await press('Change password');
    await withoutLimits(page);
    await box('Current password').fill(member.password);
    await expectPasswordFaults(page, 'Save new password');
    await box('Current password').fill('not this one');
    await box('New password again').fill(await box('New password').inputValue());
    await press('Save new password');
    await expectFault(box('Current password'), 'not this one', /This is not your current password/);
    await expectScreen(page, 'admin-password-refused', { fullPage: false });
    await page.keyboard.press('Escape');
  });

  await test.step('a proof of who one is', async () => {
    await ageSessions(signet, member.email, 'authenticated_at', '1 hour');
    await press('Set up');
    await expect(box('Your password')).toBeVisible();
    for (const text of ['not the password', long]) {
      await withoutLimits(page);
      await box('Your password').fill(text);
      await press('Confirm');
      await expectFault(box('Your password'), text, /This is not right|6 digits|must/);
    }
    await expectScreen(page, 'admin-reauthentication-refused', { fullPage: false });
    await box('Your password').fill(member.password);
    await press('Confirm');
  });

  let nextCode: (() => string) | undefined;
  let recoveryCode = '';
  await test.step('the first code of an authenticator app', async () => {
    await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
    nextCode = authenticatorApp(await dialog.locator('code').innerText());
    await withoutLimits(page);
    for (const text of ['', 'abc', '12345', '000000', long]) {
      await box('Code').fill(text);
      await press('Confirm');
      await expect(dialog.getByRole('button', { name: 'Confirm' })).toBeEnabled();
      await expectFault(box('Code'), text, /This code is not right/);
    }
    await expectScreen(page, 'admin-totp-refused', { fullPage: false });
    await box('Code').fill(nextCode?.() ?? '');
    await press('Confirm');
    recoveryCode = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').first().innerText();
    await press('I have kept them');
  });

  await test.step('the name of a passkey, before the browser is asked for one', async () => {
    await addPasskeyDevice(context, page);
    await press('Add a passkey');
    await withoutLimits(page);
    await box('Name').fill('   ');
    await press('Continue');
    await expectFault(box('Name'), '   ', /Give it a name of 1 to 100 characters/);
    await expectScreen(page, 'admin-passkey-refused', { fullPage: false });
    await box('Name').fill('Work laptop');
    await press('Continue');
    await expect(page.getByText('The passkey is added.')).toBeVisible();
    await press('Rename Work laptop');
    await withoutLimits(page);
    for (const text of ['   ', '\u0001\u0007', long]) {
      await box('Name').fill(text);
      await press('Save name');
      await expect(dialog.getByRole('button', { name: 'Save name' })).toBeEnabled();
      await expectFault(box('Name'), text, /Give it a name of 1 to 100 characters/);
    }
    await expectScreen(page, 'admin-passkey-rename', { fullPage: false });
    await page.keyboard.press('Escape');
  });

  await test.step('what lists are narrowed by', async () => {
    await page.goto(admin('messages'));
    for (const path of ['messages', 'records']) {
      await page.goto(admin(`${path}?from=2026-11-25&to=2026-11-24`));
      await expectFault(page.getByLabel(/^To\b/), '2026-11-24', /This day is before the first one/);
      await page.goto(admin(`${path}?from=2026-02-30`));
      await expectFault(box('From'), '2026-02-30', /Write a day as 2026-11-24/);
      await expectScreen(page, `admin-${path}-fault`);
    }
    for (const path of [
      'messages?sender=',
      'messages?template=',
      'messages?cursor=',
      'records?actor=',
      'records?target=',
      'records?cursor=',
    ]) {
      for (const text of [odd.join(' '), long]) {
        const answer = await page.goto(`${admin(path)}${encodeURIComponent(text)}`);
        expect(answer?.status(), path + text).toBe(200);
        await expect(page.getByRole('heading', { name: 'Signet does not answer' }), path + text).toHaveCount(0);
        await expect(page.getByText('Loading'), path + text).toHaveCount(0);
      }
    }
    await expectScreen(page, 'admin-records-not-understood');
  });

  await test.step('the second step of a sign-in', async () => {
    await signOut(page);
    await typePassword(page, member);
    await page.getByRole('link', { name: 'Use the authenticator app' }).or(box('Code')).first().click();
    await expect(box('Code')).toBeVisible();
    await withoutLimits(page);
    for (const text of ['abc', '12345', long]) {
      await box('Code').fill(text);
      await press('Continue');
      await expectFault(box('Code'), text, /An authenticator app shows 6 digits/);
    }
    await expectScreen(page, 'admin-second-step-refused');
    await page.getByRole('link', { name: 'Use a passkey instead' }).click();
    await expect(page.getByRole('button', { name: 'Use a passkey' })).toBeVisible();
    await expectScreen(page, 'admin-second-step-passkey');
    await page.getByRole('link', { name: 'Use a recovery code' }).click();
    await withoutLimits(page);
    const wrong = recoveryCode.replaceAll(/\w/g, 'A');
    await box('Recovery code').fill(wrong);
    await press('Continue');
    await expectFault(box('Recovery code'), wrong, /This code is not right/);
    await expectScreen(page, 'admin-second-step-recovery');
    await box('Recovery code').fill(recoveryCode);
    await press('Continue');
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  });

  await test.step('the address whose password was forgotten', async () => {
    await page.goto(admin('password-reset'));
    await withoutLimits(page);
    for (const text of ['', 'pia']) {
      await box('Email').fill(text);
      const typed = await box('Email').inputValue();
      await press('Send the link');
      await expect(page.getByRole('button', { name: 'Send the link' })).toBeEnabled();
      await expectFault(box('Email'), typed, /This is not a mail address/);
    }
    await expectScreen(page, 'admin-password-reset-refused');
  });
  await expect(page).not.toHaveTitle('bad');
  // The organization has one admin again: who else is looked at does not depend on this.
  await signet.api.call(routes.removeMember, { params: { id: invited } });
});
