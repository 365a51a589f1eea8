/** Bytes of a message that an installation, or an organization, may let through at most. */
export const messageBytes = { min: 64 * 1024, max: 1024 * 1024 * 1024, default: 25 * 1024 * 1024 } as const;

/** Recipients of one message at most; an organization may allow fewer. RFC 5321, 4.5.3.1.8, asks for at least 100. */
export const recipientLimit = 1000;

/** What an organization allows of one message. Null: as much as the installation. */
export interface SubmissionLimits {
  readonly maxMessageBytes: number | null;
  readonly maxRecipients: number;
}

/** Bytes that a message may have: the installation's limit holds whatever an organization has set. */
export function bytesAllowed({ maxMessageBytes }: Pick<SubmissionLimits, 'maxMessageBytes'>, ofInstallation: number): number {
  return Math.min(maxMessageBytes ?? ofInstallation, ofInstallation);
}
