/** The first characters (code points) of a text. */
function firstOf(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('');
}

/**
 * An address as shown to somebody who has not proved to own it: `bob@example.net` → `b•••@ex•••.net`. Tells its owner
 * enough to recognise it and nobody else enough to use it.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = at < 0 ? address : address.slice(0, at);
  const domain = at < 0 ? '' : address.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const host = dot < 0 ? domain : domain.slice(0, dot);
  const ending = dot < 0 ? '' : domain.slice(dot);
  return `${firstOf(local, 1)}•••@${firstOf(host, 2)}•••${ending}`;
}
