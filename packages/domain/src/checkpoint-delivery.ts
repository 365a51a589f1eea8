/** Whom an organization's checkpoints go to by mail, and how often they leave at all. */
export interface CheckpointDelivery {
  /** From 1 to 24. */
  readonly everyHours: number;
  readonly toAdmins: boolean;
  /** Besides. */
  readonly addresses: readonly string[];
}

/** Where nobody said otherwise. A log is worth what others hold of it, so somebody holds it from the first day on. */
export const presetDelivery: CheckpointDelivery = { everyHours: 24, toAdmins: true, addresses: [] };

/** Strangers did not ask for mails of Signet's: they get checkpoints no more often than this, in hours. */
export const STRANGERS_HOURS = 24;

/** So many addresses an organization may name. */
export const CHECKPOINT_ADDRESSES = 20;
