/** What one message may cost. Over any of them the message is accepted and offered as the original file only. */
export interface ParseLimits {
  /** Time from the first byte handed to the worker to the last part, in milliseconds; storing the parts counts. */
  readonly milliseconds: number;
  /** JavaScript heap of one worker, in MiB; content in buffers does not count. */
  readonly workerMebibytes: number;
  /** Header fields of the message, and of each of its parts. */
  readonly headerFields: number;
  /** How deep parts may lie in parts; the message itself is level 0. */
  readonly nestedParts: number;
  /** Parts in all, at any level. */
  readonly parts: number;
}

/** The one table of defaults. */
export const DEFAULT_PARSE_LIMITS: ParseLimits = {
  milliseconds: 20_000,
  workerMebibytes: 256,
  headerFields: 1_000,
  nestedParts: 100,
  parts: 1_000,
};

/** Why a message is offered as the original file only. */
export type OriginalOnlyReason =
  'time' | 'memory' | 'header_too_large' | 'header_fields' | 'nested_parts' | 'parts' | 'html_too_deep' | 'nul' | 'unparsable';
