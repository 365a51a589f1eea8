/** What the api says is wrong with a box, as a sentence's words: `fault` is about "it", `faultItself` names what it is about. */
export function faultWordOf(detail: string): 'fault' | 'faultItself' {
  return /^(must|needs|is)\b/.test(detail) ? 'fault' : 'faultItself';
}
