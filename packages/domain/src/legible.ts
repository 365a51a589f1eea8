/** A text as people read it: no invisible characters that would part a word, one space for any white space, one form for each letter. */
export function legible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}
