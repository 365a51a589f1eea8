/** The addresses in what was typed or pasted: one a line, or parted by commas or semicolons. */
export function addressesIn(text: string): string[] {
  return text
    .split(/[\n,;]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
