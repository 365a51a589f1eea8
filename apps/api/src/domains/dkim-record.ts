/** Where the DNS has a domain's key (RFC 6376, 3.6.2.1). */
export function dkimRecordName(domain: string, selector: string): string {
  return `${selector}._domainkey.${domain}`;
}

/** The key that a DKIM record has, without the white space that people and servers put in. */
export function publicKeyIn(record: string): string | undefined {
  const tags = record.split(';').map((tag) => tag.trim());
  return tags
    .find((tag) => /^p\s*=/.test(tag))
    ?.replace(/^p\s*=/, '')
    .replaceAll(/\s/g, '');
}
