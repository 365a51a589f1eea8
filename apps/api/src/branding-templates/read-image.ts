import { createHash } from 'node:crypto';
import type { BrandingImage } from '@signet/db/branding-image';
import sharp, { type Sharp } from 'sharp';
import { ProblemError } from '../http/problem-error.ts';
import { bmpHead, decodeBmp } from './decode-bmp.ts';

/** What a logo may be at most where it is shown, in CSS pixels, as administrators know it. */
const SHOWN = { width: 170, height: 70 } as const;
/** More pixels than these no logo has: a small file may claim millions. */
const MOST_PIXELS = 50_000_000;
/** The same for BMP, whose pixels are decoded outside of libvips. A file of 5 MiB with 24 bits a pixel has 1.7 million. */
const MOST_BMP_PIXELS = 8_000_000;
/** Seconds that libvips may take. */
const MOST_SECONDS = 60;

/** Kinds of pictures by how their bytes begin. */
const kinds: readonly { readonly type: string; readonly isIt: (bytes: Buffer) => boolean }[] = [
  { type: 'image/png', isIt: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) },
  { type: 'image/jpeg', isIt: (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) },
  { type: 'image/gif', isIt: (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)) },
  { type: 'image/webp', isIt: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP' },
  { type: 'image/tiff', isIt: (bytes) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(bytes.toString('latin1', 0, 4)) },
  { type: 'image/bmp', isIt: (bytes) => bytes.toString('latin1', 0, 2) === 'BM' },
];

/**
 * An uploaded picture: what it is, told by its content, and what is shown of it, redrawn as a PNG without anything else that was in the
 * file.
 * @throws {ProblemError} `unsupported_media_type` where it is no picture that is taken, `validation_failed` where it cannot be read.
 */
export async function readImage(original: Buffer): Promise<BrandingImage> {
  const contentType = kinds.find(({ isIt }) => isIt(original))?.type;
  if (contentType === undefined) throw refused('unsupported_media_type', whyNot(original));
  const shown = await drawn(original, contentType).catch((error: unknown) => {
    throw error instanceof ProblemError
      ? error
      : refused(
          'validation_failed',
          'The picture cannot be read: it is broken, too large to be drawn, or something else than its first bytes say',
        );
  });
  return { sha256: createHash('sha256').update(original).digest('hex'), contentType, original, shown };
}

async function drawn(original: Buffer, contentType: string): Promise<BrandingImage['shown']> {
  const picture = contentType === 'image/bmp' ? await bmp(original) : sharp(original, { limitInputPixels: MOST_PIXELS });
  if (contentType !== 'image/bmp') {
    const { format } = await picture.metadata();
    if (`image/${format}` !== contentType) throw refused('validation_failed', 'The picture is something else than its first bytes say');
  }
  const { data, info } = await picture
    .timeout({ seconds: MOST_SECONDS })
    .autoOrient()
    .resize({ width: SHOWN.width * 2, height: SHOWN.height * 2, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .png({ compressionLevel: 9 })
    .toBuffer({ resolveWithObject: true });
  // A picture of the size that administrators know is shown at that size; a larger one has two pixels for each one shown.
  const scale = Math.min(1, SHOWN.width / info.width, SHOWN.height / info.height);
  return { png: data, width: Math.max(1, Math.round(info.width * scale)), height: Math.max(1, Math.round(info.height * scale)) };
}

async function bmp(original: Buffer): Promise<Sharp> {
  const head = bmpHead(original);
  if (head !== null && head.pixels > MOST_BMP_PIXELS) throw refused('validation_failed', 'The picture has too many pixels');
  // BI_RGB and BI_BITFIELDS. What the library gets wrong is refused rather than shown wrongly.
  const isKnown = head !== null && [0, 3].includes(head.compression) && !(head.depth === 4 && head.width % 2 === 1);
  if (!isKnown) throw refused('validation_failed', 'This kind of BMP is not understood: save the picture as PNG');
  const { width, height, pixels } = await decodeBmp(original);
  return sharp(pixels, { raw: { width, height, channels: 4 } });
}

function whyNot(bytes: Buffer): string {
  const taken = 'PNG, JPEG, BMP, TIFF, GIF and WebP are taken, told by their content';
  const isVector = /<(?:\?xml|!doctype|svg)/i.test(bytes.toString('latin1', 0, 1024));
  return isVector
    ? `SVG is refused, since it can hold scripts and load what it likes; ${taken}`
    : `This is no picture that is taken; ${taken}`;
}

function refused(code: 'unsupported_media_type' | 'validation_failed', detail: string): ProblemError {
  return new ProblemError(code, { detail, errors: [{ pointer: '/image', detail }] });
}
