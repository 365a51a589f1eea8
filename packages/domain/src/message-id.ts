/** A Message-ID as it is stored and shown: in angle brackets (RFC 5322, 3.6.4). */
export function bracketed(messageId: string): string {
  const inner = messageId.trim();
  return inner.startsWith('<') && inner.endsWith('>') ? inner : `<${inner}>`;
}
