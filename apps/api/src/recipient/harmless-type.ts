/** Types that a browser might run, or look into for something to run. */
const dangerous = /html|xslt|svg|script|shockwave|flash|multipart|mbox|(?:\/|\+)xml$/;

/**
 * The media type under which a file is handed out: as its sender declared it, unless it is malformed or something that a
 * browser could run. Files go out as downloads and `nosniff` besides.
 */
export function harmlessTypeOf(declared: string | null): string {
  const type = declared?.toLowerCase().trim() ?? '';
  const wellFormed = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(type);
  return wellFormed && !dangerous.test(type) ? type : 'application/octet-stream';
}

/** First bytes of bitmap formats, in hexadecimal. */
const imageTypes: readonly { readonly type: string; readonly begins: RegExp }[] = [
  { type: 'image/png', begins: /^89504e470d0a1a0a/ },
  { type: 'image/jpeg', begins: /^ffd8ff/ },
  { type: 'image/gif', begins: /^47494638(?:37|39)61/ },
  { type: 'image/webp', begins: /^52494646.{8}57454250/ },
  { type: 'image/bmp', begins: /^424d.{8}00000000/ },
];

/** The type of a bitmap image by its first bytes, whatever its sender called it; null for anything else (an SVG is a document). */
export function imageTypeOf(bytes: Uint8Array): string | null {
  const beginning = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return imageTypes.find(({ begins }) => begins.test(beginning))?.type ?? null;
}
