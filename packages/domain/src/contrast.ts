import { colord, extend } from 'colord';
import a11yPlugin from 'colord/plugins/a11y';
import namesPlugin from 'colord/plugins/names';

/** Least contrast of text with what lies behind it (WCAG 2.2, 1.4.3). */
export const TEXT_CONTRAST = 4.5;

/** Least contrast of a control with the surface it lies on (WCAG 2.2, 1.4.11). */
export const CONTROL_CONTRAST = 3;

/** What mails and pages lie on, on a light screen and on a dark one: the same in both. */
export const sheetColor = { light: '#ffffff', dark: '#1a1f26' } as const;

/** The colour as lower-case `#rrggbb`; null unless it is `#RGB`, `#RRGGBB` or an opaque CSS colour name. */
export function hexColor(color: string): string | null {
  if (!/^(?:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]+)$/i.test(color)) return null;
  const parsed = parse(color);
  return parsed.isValid() && parsed.rgba.a === 1 ? parsed.toHex() : null;
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2), never rounded up. */
export function contrastOf(first: string, second: string): number {
  return parse(first).contrast(second);
}

/**
 * Text colour for a `#rrggbb` background: white wherever that is readable, else black. The two cover every background:
 * where white falls below 4.5, black is above 4.6.
 */
export function textColorOn(background: string): '#ffffff' | '#000000' {
  return contrastOf(background, '#ffffff') >= TEXT_CONTRAST ? '#ffffff' : '#000000';
}

/** The colour itself where it stands out from the surface enough for a control, else the fallback. All `#rrggbb`. */
export function controlColorOn(surface: string, color: string, fallback: string): string {
  return contrastOf(color, surface) >= CONTROL_CONTRAST ? color : fallback;
}

/** What a brand's colour cannot do by itself. */
export interface ContrastWarning {
  readonly code: 'faint_on_light' | 'faint_on_dark';
  readonly detail: string;
}

/**
 * Where a brand's colour does not reach what WCAG 2.2 (AA) asks of a control on our sheets, and what is drawn in its place. Text on the
 * colour is always readable: one of white and black reaches 4.5 on every colour.
 */
export function contrastWarnings(color: string | null): ContrastWarning[] {
  const brand = color === null ? null : hexColor(color);
  if (brand === null) return [];
  return (['light', 'dark'] as const).flatMap((scheme) => {
    const contrast = contrastOf(brand, sheetColor[scheme]);
    if (contrast >= CONTROL_CONTRAST) return [];
    const ink = scheme === 'light' ? 'dark' : 'light';
    const detail = `On a ${scheme} screen the colour reaches ${contrast.toFixed(2)}:1 against the page, and a button needs ${CONTROL_CONTRAST}:1 (WCAG 2.2 AA): buttons are drawn in ${ink} ink there; the band keeps the colour.`;
    return [{ code: `faint_on_${scheme}`, detail } as const];
  });
}

function parse(color: string) {
  // Extending twice changes nothing; doing it here keeps the import of this file without effect.
  extend([namesPlugin, a11yPlugin]);
  return colord(color);
}
