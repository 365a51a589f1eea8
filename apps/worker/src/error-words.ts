/** What an error says, whatever was thrown. */
export function wordsOf(error: unknown): string {
  // Of a name with several addresses: nobody answered at any of them.
  if (error instanceof AggregateError) return [...new Set(error.errors.map((each) => wordsOf(each)))].join('; ');
  // What Node advises whoever starts it is of no use to who reads this.
  return error instanceof Error ? error.message.replace(/; if the root CA is installed locally,.*$/s, '') : String(error);
}
