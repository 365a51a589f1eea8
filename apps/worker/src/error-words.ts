/** What an error says, whatever was thrown. */
export function wordsOf(error: unknown): string {
  // Of a name with several addresses: nobody answered at any of them.
  if (error instanceof AggregateError) return [...new Set(error.errors.map((each) => wordsOf(each)))].join('; ');
  return error instanceof Error ? error.message : String(error);
}
