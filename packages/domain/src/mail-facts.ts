/** What rules may look at while a message arrives: the envelope, the decoded subject, and the header fields, decoded and in their order. */
export interface EnvelopeFacts {
  readonly sender: string;
  /** Names of the organization's sender groups that the sender is in. */
  readonly senderGroups: readonly string[];
  /** The organization's own domains, in every spelling that an address may have: who has an address at one of them is inside. */
  readonly ownDomains: readonly string[];
  readonly recipients: readonly string[];
  readonly subject: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** What rules may look at once the whole message is here. Null: the message could not be parsed, so nobody knows. */
export interface MailFacts extends EnvelopeFacts {
  /** Bytes that came in. */
  readonly size: number;
  /** What people read of the body, of its plain text and its HTML. */
  readonly bodyText: string | null;
  readonly attachmentNames: readonly string[] | null;
}
