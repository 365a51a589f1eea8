import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { environment } from './env.ts';

const views = [
  { name: 'desktop', width: 1280, height: 860 },
  { name: 'phone', width: 390, height: 844 },
] as const;

/**
 * What every screen must hold, at desktop and phone width, light and dark: no violation of WCAG 2.2 A and AA that axe can
 * find, and nothing wider than the window. With PICTURES=1 it is kept in docs/pictures as well.
 */
export async function expectScreen(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  // After a form the title comes a moment behind the rest.
  await expect(page).toHaveTitle(/\S/);
  // Colours that are on their way from one scheme to the other are neither.
  await page.evaluate(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets.push(still);
  });
  const before = page.viewportSize();
  for (const { name: view, width, height } of views) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect.soft(await violationsOf(page), `${name}, ${view}, ${colorScheme}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(overflow, `${name} is wider than a ${view}`).toBeLessThanOrEqual(0);
      if (environment.PICTURES === '1') {
        const path = resolve(import.meta.dirname, '../docs/pictures', `${name}-${view}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage, animations: 'disabled' });
      }
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}

/** Violations that axe finds in the page. The frame of a message's body is left out: it runs no script, and what is in it is the sender's. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const results = await window.axe.run(document, {
      iframes: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}
