import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import axe from 'axe-core';
import { environment } from './env.ts';

/** Widths at which a screen is laid out in another way each. */
const views = [
  { name: 'desktop', width: 1280, height: 860 },
  { name: 'tablet', width: 768, height: 1024 },
  { name: 'phone', width: 360, height: 800 },
] as const;

/** Widths of a mail: a phone's, a reading pane's and a window's. */
const mailViews = [
  { name: '1200', width: 1200, height: 860 },
  { name: '600', width: 600, height: 860 },
  { name: '320', width: 320, height: 700 },
] as const;

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What every mail must hold, as a screen does: its HTML is shown as a mail program would, without what is attached to it. */
export async function expectMail(page: Page, html: string, name: string): Promise<void> {
  await page.setContent(html);
  // A mail has no landmarks: its parts are tables, for the programs that know nothing else.
  await look(page, name, { views: mailViews, runOnly: wcag });
}

/**
 * What every screen must hold at desktop, tablet and phone width: nothing wider than the window, and no violation of WCAG 2.2 A and AA that axe
 * can find, light and dark. With PICTURES=1 the pictures that documents show are made anew in docs/pictures; with
 * PICTURES=all every view is kept in test-results/pictures.
 */
export async function expectScreen(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  await look(page, name, { fullPage, views, runOnly: [...wcag, 'best-practice'] });
}

interface Look {
  readonly fullPage?: boolean;
  readonly views: readonly { readonly name: string; readonly width: number; readonly height: number }[];
  /** The rules of axe, by their tags. */
  readonly runOnly: string[];
}

async function look(page: Page, name: string, { fullPage = true, views: widths, runOnly }: Look): Promise<void> {
  // Looking six times takes its time, on top of what the journey takes.
  test.setTimeout(test.info().timeout + 60_000);
  // After a form the title comes a moment behind the rest.
  await expect(page).toHaveTitle(/\S/);
  // Colours that are on their way from one scheme to the other are neither.
  await page.evaluate(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets.push(still);
  });
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const before = page.viewportSize();
  for (const { name: view, width, height } of widths) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      const path = picturePath(`${name}-${view}-${colorScheme}.png`);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect.soft(await violationsOf(page, runOnly), `${name}, ${view}, ${colorScheme}`).toEqual([]);
      if (path !== undefined) await page.screenshot({ path, fullPage, animations: 'disabled' });
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(overflow, `${name} is wider than a ${view}`).toBeLessThanOrEqual(0);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}

const root = resolve(import.meta.dirname, '..');

/** The text of the documents that show pictures; none where no picture is made for them. */
const documents =
  environment.PICTURES === '1'
    ? globSync(['*.md', 'docs/**/*.md'], { cwd: root })
        .map((path) => readFileSync(resolve(root, path), 'utf8'))
        .join('\n')
    : '';

/** Where a picture is kept; undefined for one that nobody wants. */
function picturePath(name: string): string | undefined {
  if (environment.PICTURES === 'all') return resolve(import.meta.dirname, 'test-results/pictures', name);
  return documents.includes(`pictures/${name}`) ? resolve(root, 'docs/pictures', name) : undefined;
}

/**
 * Violations that axe finds in the page, of WCAG and of what its authors call good practice, but that all content stands in a
 * landmark: an open menu stands beside them (ARIA Authoring Practices, "Menu Button"). The frame of a message's body is
 * left out: it runs no script, and what is in it is the sender's.
 */
async function violationsOf(page: Page, tags: string[]): Promise<string[]> {
  return page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, {
      iframes: false,
      runOnly,
      rules: { region: { enabled: false } },
      // Of what is in order nobody wants the selectors, which take most of the time.
      resultTypes: ['violations'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }, tags);
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}
