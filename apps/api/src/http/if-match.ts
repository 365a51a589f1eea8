/** Whether `If-Match` (RFC 9110, 13.1.1) lets a change be made to what has this revision; without the header all may be. */
export function meetsIfMatch(ifMatch: string | undefined, revision: string): boolean {
  const wanted = ifMatch?.replace(/^W\//, '').replaceAll('"', '');
  return wanted === undefined || wanted === '*' || wanted === revision;
}
