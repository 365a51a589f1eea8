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
