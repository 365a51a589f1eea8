interface HeaderField {
  readonly name: string;
  readonly value: string;
}

const bulkPrecedences = ['bulk', 'junk', 'list'];

/**
 * Whether a mail was written by a machine, or for a crowd, so that no notice may answer it (RFC 3834, section 2): then two
 * machines could write to one another for ever, and a newsletter would be answered by a mail for each of its copies.
 */
export function isAutomaticMail(headers: readonly HeaderField[]): boolean {
  return headers.some(({ name, value }) => {
    // A comment may follow the word (RFC 3834, 5).
    const word =
      value
        .trim()
        .toLowerCase()
        .split(/[\s;(]/)[0] ?? '';
    switch (name.toLowerCase()) {
      case 'auto-submitted':
        return word !== 'no';
      case 'precedence':
        return bulkPrecedences.includes(word);
      case 'list-id':
        return true;
      default:
        return false;
    }
  });
}
