import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { environment } from './env.ts';

const views = [
  { name: 'desktop', width: 1280, height: 860 },
  { name: 'phone', width: 390, height: 844 },
] as const;

/** With PICTURES=1, keeps a page as it looks in docs/pictures: at desktop and phone width, light and dark. */
export async function picture(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  if (environment.PICTURES !== '1') return;
  const before = page.viewportSize();
  for (const { name: view, width, height } of views) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = resolve(import.meta.dirname, '../docs/pictures', `${name}-${view}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage, animations: 'disabled' });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
