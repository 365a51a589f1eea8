import { colord, extend } from 'colord';
import a11yPlugin from 'colord/plugins/a11y';
import namesPlugin from 'colord/plugins/names';

const SIGNET_COLOR = '#1f3a5f';
/** Least contrast of text with what lies behind it (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5;

export interface BrandColors {
  readonly background: string;
  readonly text: '#ffffff' | '#000000';
}

/**
 * Colours of an organization's band, `#rrggbb`: its own (`#RGB`, `#RRGGBB` or an opaque CSS colour name; anything else is
 * Signet's), and white on it where that is readable, else black, which then always is.
 */
export function brandColors(color: string | null): BrandColors {
  // Extending twice changes nothing; doing it here keeps the import of this file without effect.
  extend([namesPlugin, a11yPlugin]);
  const wanted = color !== null && /^(?:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]+)$/i.test(color) ? colord(color) : null;
  const brand = wanted?.isValid() === true && wanted.alpha() === 1 ? wanted : colord(SIGNET_COLOR);
  return { background: brand.toHex(), text: brand.contrast('#ffffff') >= TEXT_CONTRAST ? '#ffffff' : '#000000' };
}
