import { expect, type Locator, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectFault, odd, withoutLimits } from '../bad-input.ts';
import { runStatement } from '../database.ts';
import { enterPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

test('the passcode box says at the box what is wrong, keeps what was typed, and costs no try for what is no passcode', async ({
  signet,
  page,
}) => {
  const { address } = await openLink(signet, page, 'no passcode');
  await page.getByRole('button', { name: 'Get a one-time passcode' }).click();
  const box = page.getByLabel('Passcode');
  await expect(box).toBeFocused();
  for (const text of ['', '1234', 'my passcode', ...odd, '9'.repeat(5000)]) {
    await expectRefusedAtBox(page, box, text, 'Enter the 8 digits from the mail. No try was lost.');
  }
  // A wrong passcode costs one of five tries: none was lost before.
  await expectRefusedAtBox(page, box, '00000000', /not right\. 4 tries are left/);
  await expectScreen(page, 'recipient-passcode-refused');
  await enterPasscode(page, signet, address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('no passcode');
});

test('a passcode that opens nothing says why: it is over, was asked for in another browser, or was tried too often', async ({
  signet,
  page,
  browser,
}) => {
  const { address, link } = await openLink(signet, page, 'no good passcode');
  await page.getByRole('button', { name: 'Get a one-time passcode' }).click();
  const [box, first] = [page.getByLabel('Passcode'), await passcodeFor(page, signet, address)];
  const past = `update passcode_request set created_at = created_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes'
    where reference = $1`;
  expect(await runStatement(signet, past, [first.reference])).toBe(1);
  await expectRefusedAtBox(page, box, first.passcode, /This passcode no longer works/);
  await expectScreen(page, 'recipient-passcode-void');

  const context = await browser.newContext();
  const elsewhere = await context.newPage();
  await elsewhere.goto(link);
  await elsewhere.getByRole('button', { name: 'Get a one-time passcode' }).click();
  const { passcode } = await passcodeFor(elsewhere, signet, address);
  await expectRefusedAtBox(page, box, passcode, /asked for in another browser or window/);
  await expectScreen(page, 'recipient-passcode-other-browser');

  const wrong = passcode.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
  for (const said of [/4 tries are left/, /3 tries are left/, /2 tries are left/, /One try is left/, /Too many tries/])
    await expectRefusedAtBox(elsewhere, elsewhere.getByLabel('Passcode'), wrong, said);
  await expectScreen(elsewhere, 'recipient-passcode-tried-too-often');
  await context.close();
});

test('a form that was tampered with asks for nothing, and breaks nothing', async ({ signet, page }) => {
  const { link } = await openLink(signet, page, 'tampered');
  const failures: number[] = [];
  page.on('response', (response) => {
    if (response.status() >= 500) failures.push(response.status());
  });
  const button = page.getByRole('button', { name: 'Get a one-time passcode' });
  for (const intent of ['', 'erase', '__proto__', 'x'.repeat(100_000)]) {
    await page.locator('input[name="intent"]').evaluate((field, value) => field.setAttribute('value', value), intent);
    await button.click();
    await expect(button).toBeEnabled();
  }
  expect(failures).toEqual([]);
  await page.goto(link);
  await expect(button).toBeVisible();
  for (const address of ['nothing', '%00', '..%2f..%2fadmin', "'%20or%201=1--", 'ä'.repeat(300)]) {
    const answer = await page.goto(`${signet.portalUrl}/m/${address}`);
    expect(answer?.status(), address).toBe(404);
    await expect(page, address).toHaveTitle(/Not available/);
  }
  await expectScreen(page, 'recipient-not-available');
});

test('the sign-in of members answers anything wrong in the same words, and keeps the address', async ({ signet, page }) => {
  await page.goto(`${signet.portalUrl}/admin`);
  const email = page.getByLabel('Email');
  for (const text of ['nobody@acme.example', 'not an address', '"><script>@acme.example', 'ä@acme.example']) {
    await withoutLimits(page);
    await email.fill(text);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.locator('#sign-in-refusal')).toBeVisible();
    await expect(email).toHaveValue(text);
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
    await expect(page).not.toHaveTitle('bad');
  }
});

test('search box and reason take any text for what it is, and the record of it is one line', async ({ signet, page }) => {
  const { messageId } = await openLink(signet, page, 'odd reasons');
  const { id } = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  await signInAdmin(page, signet);
  for (const text of [...odd, 'x'.repeat(1000), '*', '\\', '"']) {
    const answer = await page.goto(`${signet.portalUrl}/admin/messages?${new URLSearchParams({ q: text }).toString()}`);
    expect(answer?.status(), text).toBe(200);
    await expect(page.getByRole('searchbox', { name: 'Search messages' })).toBeVisible();
    await expect(page).not.toHaveTitle('bad');
  }

  await page.goto(`${signet.portalUrl}/admin/messages/${id}`);
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  const reason = page.getByLabel('Reason');
  for (const text of ['x'.repeat(1001), 'x'.repeat(20_000)]) {
    await reason.fill(text);
    await page.getByRole('button', { name: 'Revoke message' }).click();
    await expectFault(reason, text, /a reason has at most 1,000 characters/);
  }
  await expectScreen(page, 'admin-revoke-refused', { fullPage: false });
  expect(await signet.api.call(routes.getMessage, { params: { message: id } })).toMatchObject({ revoked: false });

  await reason.fill(`Wrong Bob,\nsee\u0007 ${odd.join(' ')}`);
  await page.getByRole('button', { name: 'Revoke message' }).click();
  await expect(page.getByRole('button', { name: 'Restore', exact: true })).toBeVisible();
  const revoked = await signet.api.call(routes.getMessage, { params: { message: id } });
  expect(revoked).toMatchObject({ revoked: true, reason: expect.stringMatching(/^Wrong Bob, see /) });
  expect(revoked.reason).not.toMatch(/\p{Cc}/u);
  await expect(page.getByText('<img src=x onerror=alert(1)>').first()).toBeVisible();
  await expect(page).not.toHaveTitle('bad');
});

test('every box for a password hides what is typed, and takes what is pasted or filled in', async ({ signet, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${signet.portalUrl}/admin`);
  const box = page.getByLabel('Password', { exact: true });
  await expect(box).toHaveAttribute('type', 'password');
  await expect(box).toHaveAttribute('autocomplete', 'current-password');
  await page.evaluate(() => navigator.clipboard.writeText('  pasted, blanks and all '));
  await box.press('Control+V');
  await expect(box).toHaveValue('  pasted, blanks and all ');
  await signInAdmin(page, signet);
  await page.goto(`${signet.portalUrl}/admin/account`);
  await page.getByRole('button', { name: 'Change password' }).click();
  const boxes = page.locator('input[autocomplete$="-password"]');
  await expect(boxes).toHaveCount(3);
  for (const field of await boxes.all()) {
    await expect(field).toHaveAttribute('type', 'password');
  }
});

test('on every page of the admin portal there is a way to sign out', async ({ signet, page }) => {
  await signInAdmin(page, signet);
  const places = await page
    .getByRole('navigation')
    .first()
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(places.length).toBeGreaterThan(3);
  for (const place of places) {
    await page.goto(new URL(place, signet.portalUrl).href);
    await expect(page.getByRole('button', { name: 'Sign out' }).first(), place).toBeVisible();
  }
});

async function signInAdmin(page: Page, signet: Signet): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin`);
  await page.getByLabel('Email').fill(signet.admin.email);
  await page.getByLabel('Password', { exact: true }).fill(signet.admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/\w+/);
}

/** A message of its own, and the page of its link. */
async function openLink(signet: Signet, page: Page, subject: string) {
  const address = `${subject.replaceAll(' ', '-')}@example.net`;
  const answer = await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: address, subject, text: 'For you.' });
  const link = await signet.mailbox.wrapperLink(address, subject);
  await page.goto(link);
  return { address, link, messageId: answer.slice(answer.indexOf('<')) };
}

/** The passcode that the page has asked for, by the reference that it shows. */
async function passcodeFor(page: Page, signet: Signet, address: string) {
  await expect(page.getByLabel('Passcode')).toBeVisible();
  const [reference = ''] = (await page.locator('main').innerText()).match(/\b[A-Z0-9]{4}-[A-Z0-9]{2}\b/) ?? [];
  return { reference, passcode: await signet.mailbox.passcode(address, reference) };
}

async function expectRefusedAtBox(page: Page, box: Locator, text: string, message: string | RegExp): Promise<void> {
  await box.evaluate((field) => field.removeAttribute('maxlength'));
  await box.fill(text);
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Open message' }).click();
  expect((await answered).status()).toBe(200);
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  const describedBy = String(await box.getAttribute('aria-describedby'));
  await expect(page.locator(`[id="${describedBy}"]`)).toHaveText(message);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(text.slice(0, 40));
  await expect(page).not.toHaveTitle('bad');
}
