import type { SanitisedHtml } from './sanitise-html.ts';

/** One address as a header field shows it: decoded name (may be empty), address (empty for a group without members). */
export interface ShownAddress {
  readonly name: string;
  readonly address: string;
}

/** What a part says of itself before its content comes. */
export interface PartMeta {
  /**
   * `attachment` has a name or the disposition `attachment`; it is what the sender attached. `inline` is any other part that is not the
   * text or HTML body: an unnamed image, a forwarded message without a name, a delivery status.
   */
  readonly kind: 'attachment' | 'inline';
  /** Decoded file name without control characters; null where there is none. */
  readonly name: string | null;
  /** Media type as declared, lower-case. */
  readonly contentType: string;
  /** As declared, lower-case; null where there is none. */
  readonly disposition: string | null;
  /** Without angle brackets; null where there is none. */
  readonly contentId: string | null;
}

/** A part whose content has passed: its size in bytes and SHA-256 (hexadecimal) after transfer decoding. */
export interface PartSummary extends PartMeta {
  readonly size: number;
  readonly sha256: string;
}

/** What the parser makes of a message. */
export interface ParsedMessage {
  readonly from: readonly ShownAddress[];
  readonly sender: readonly ShownAddress[];
  readonly replyTo: readonly ShownAddress[];
  readonly to: readonly ShownAddress[];
  readonly cc: readonly ShownAddress[];
  /** Plain-text body with LF line ends; null where there is none. */
  readonly text: string | null;
  /** HTML body, sanitised; null where there is none. */
  readonly html: SanitisedHtml | null;
  /** Attachments and inline parts in their order. */
  readonly parts: readonly PartSummary[];
}
