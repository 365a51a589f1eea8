import { hexColor, textColorOn } from '@signet/domain/contrast';

const SIGNET_COLOR = '#1f3a5f';

export interface BrandColors {
  readonly background: string;
  readonly text: '#ffffff' | '#000000';
}

/**
 * Colours of an organization's band, `#rrggbb`: its own (`#RGB`, `#RRGGBB` or an opaque CSS colour name; anything else is
 * Signet's), and white on it where that is readable, else black, which then always is.
 */
export function brandColors(color: string | null): BrandColors {
  const background = (color === null ? null : hexColor(color)) ?? SIGNET_COLOR;
  return { background, text: textColorOn(background) };
}
