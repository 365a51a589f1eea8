import { colord, extend } from 'colord';
import a11yPlugin from 'colord/plugins/a11y';
import namesPlugin from 'colord/plugins/names';

/** Least contrast of text with what lies behind it (WCAG 2.2, 1.4.3). */
export const TEXT_CONTRAST = 4.5;

/** Least contrast of a control with the surface it lies on (WCAG 2.2, 1.4.11). */
export const CONTROL_CONTRAST = 3;

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

function parse(color: string) {
  // Extending twice changes nothing; doing it here keeps the import of this file without effect.
  extend([namesPlugin, a11yPlugin]);
  return colord(color);
}
