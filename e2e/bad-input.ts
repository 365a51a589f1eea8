import { expect, type Locator, type Page } from '@playwright/test';

/** Text that nobody should come to grief over: markup, control characters, directions of writing, halves of characters, length. */
export const odd = [
  '<img src=x onerror=alert(1)>',
  '"><script>document.title="bad"</script>',
  '\u0001\u0007',
  '\u202e87654321',
  '%00',
  '👩‍👩‍👧',
  "' or 1=1 --",
];

/** Takes away what a browser holds back by itself: whoever means ill does. */
export async function withoutLimits(page: Page): Promise<void> {
  // What is changed before the page is alive, its script puts back.
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => {
    for (const field of document.querySelectorAll('input, textarea'))
      for (const name of ['maxlength', 'required']) field.removeAttribute(name);
    for (const form of document.querySelectorAll('form')) form.noValidate = true;
  });
}

/** What is wrong is said at the box, to those who hear a page as well, and what was typed is still there. */
export async function expectFault(box: Locator, typed: string, message: RegExp): Promise<void> {
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  await expect(box).toHaveAccessibleDescription(message);
  await expect(box).toHaveValue(typed);
}

/** Chooses passwords that are refused, and leaves two in the boxes that differ. */
export async function expectPasswordFaults(page: Page, submit: string): Promise<void> {
  const [first, again] = [page.getByLabel('New password', { exact: true }), page.getByLabel('New password again')];
  const button = page.getByRole('button', { name: submit });
  for (const text of ['short', 'password1234', `signet ${'a'.repeat(3)}`, 'x'.repeat(300)]) {
    await first.fill(text);
    await again.fill(text);
    await button.click();
    await expect(button).toBeEnabled();
    await expectFault(first, text, /It (must|is)/);
    await expect(again).toHaveValue(text);
    await expect(first).toBeFocused();
  }
  await first.fill('eight quiet harbours');
  await again.fill('nine quiet harbours');
  await button.click();
  await expectFault(again, 'nine quiet harbours', /The two are not the same\. Type the password again/);
  await expect(first).toHaveValue('eight quiet harbours');
  await expect(again).toBeFocused();
}
