interface SampleBmp {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 24 | 32;
  readonly color?: readonly [red: number, green: number, blue: number];
  /** Rows that are really there; all where absent. */
  readonly rows?: number;
}

/** A BMP of one colour, as Windows writes it (BITMAPINFOHEADER, uncompressed). */
export function sampleBmp({ width, height, depth, color: [red, green, blue] = [0, 0, 0], rows = height }: SampleBmp): Buffer {
  const palette = depth === 8 ? Buffer.concat(Array.from({ length: 256 }, () => Buffer.from([blue, green, red, 0]))) : Buffer.alloc(0);
  const stride = Math.ceil((width * depth) / 32) * 4;
  const pixel = depth === 8 ? [7] : depth === 24 ? [blue, green, red] : [blue, green, red, 0];
  const row = Buffer.alloc(stride);
  row.fill(Buffer.from(pixel), 0, (width * depth) / 8);
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + palette.length + stride * rows, 2);
  head.writeUInt32LE(54 + palette.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(depth, 28);
  return Buffer.concat([head, palette, ...Array.from({ length: rows }, () => row)]);
}
