import { controlColorOn, hexColor, sheetColor, textColorOn } from '@signet/domain/contrast';

const INK = { light: '#1c2127', dark: '#e8eaed' };
const SIGNET_COLOR = '#1f3a5f';

/** Colours of the parts that no brand changes, on a light screen; the style sheet of `darkStyles` changes them on a dark one. */
export const light = { page: '#f3f4f6', surface: sheetColor.light, ink: INK.light, quiet: '#59636e', line: '#e3e6ea', field: '#f7f8f9' };
export const dark = { page: '#0f1216', surface: sheetColor.dark, ink: INK.dark, quiet: '#a3abb6', line: '#2f3742', field: '#222831' };

/** A control: its own colour and its text's. */
interface ControlColors {
  fill: string;
  text: string;
}

/** The brand's colours in a mail, `#rrggbb` all. */
export interface BrandColors {
  band: ControlColors;
  button: ControlColors;
  buttonInTheDark: ControlColors;
}

/**
 * Derives all that depends on the brand's colour (`#RRGGBB` or CSS name; null or unknown is Signet's own). A brand too
 * near to the sheet to show a button keeps its band; the button then takes the ink's colour.
 */
export function brandColors(backgroundColor: string | null): BrandColors {
  const brand = (backgroundColor === null ? null : hexColor(backgroundColor)) ?? SIGNET_COLOR;
  return {
    band: withText(brand),
    button: withText(controlColorOn(sheetColor.light, brand, INK.light)),
    buttonInTheDark: withText(controlColorOn(sheetColor.dark, brand, INK.dark)),
  };
}

/** Style sheet for phones and dark screens; mail programs that drop it show the light, wide form. */
export function styleSheet({ buttonInTheDark }: BrandColors): string {
  return [
    ':root{color-scheme:light dark;supported-color-schemes:light dark}',
    'a[x-apple-data-detectors]{color:inherit!important;text-decoration:none!important}',
    '@media (max-width:599px){.sheet{width:100%!important}.inside{padding-left:24px!important;padding-right:24px!important}.margin{padding:0!important}.card{border-radius:0!important;border-left:0!important;border-right:0!important}.button{display:block!important;text-align:center!important}}',
    '@media (prefers-color-scheme:dark){',
    `.page,body{background-color:${dark.page}!important}.card{background-color:${dark.surface}!important;border-color:${dark.line}!important}`,
    `.ink{color:${dark.ink}!important}.quiet{color:${dark.quiet}!important}.line{border-color:${dark.line}!important}`,
    `.field{background-color:${dark.field}!important;border-color:${dark.line}!important}`,
    `.button{background-color:${buttonInTheDark.fill}!important;color:${buttonInTheDark.text}!important}}`,
  ].join('');
}

function withText(fill: string): ControlColors {
  return { fill, text: textColorOn(fill) };
}
