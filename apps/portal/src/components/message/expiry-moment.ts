const two = (value: number) => String(value).padStart(2, '0');

/** An instant as a box for date and time has it (`2026-12-01T11:00:05`), in the zone of whoever runs this. */
export function boxTextOf(instant: string): string {
  const at = new Date(instant);
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The instant that such a box means, in the same zone; null where it is none. */
export function instantOfBox(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
