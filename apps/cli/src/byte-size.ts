const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A size as people write it, in bytes: `26214400`, `25MB`, `25 MiB`, each unit being 1024 of the one before it. Undefined: it is none. */
export function bytesOf(written: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,15}) ?(?:([kmgt])i?b|b|bytes)?$/i.exec(written.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit.toLowerCase()] ?? 1);
}
