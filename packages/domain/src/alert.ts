import { z } from 'zod';

/**
 * What alerts are about. `lasting`: a condition of the system, which ends by itself. `tried`: what somebody does again and again; it is over
 * when nobody did for a day.
 */
const kinds = {
  failedSignIns: 'tried',
  openingAfterRevocation: 'tried',
  trackingOff: 'lasting',
  webhookDisabled: 'lasting',
  webhookStuck: 'lasting',
  syslogDisabled: 'lasting',
  syslogStuck: 'lasting',
  feedStuck: 'lasting',
  sealingBehind: 'lasting',
  sealingRefused: 'lasting',
  logDiffers: 'lasting',
} as const satisfies Record<string, 'tried' | 'lasting'>;

export type AlertKind = keyof typeof kinds;
export const alertKinds = Object.keys(kinds).filter((name): name is AlertKind => name in kinds);
export const alertKind = z.enum(alertKinds);

/** Kinds that begin and end with a condition, and those that are over when nobody tries any more. */
export const lastingAlerts = alertKinds.filter((kind) => kinds[kind] === 'lasting');
export const triedAlerts = alertKinds.filter((kind) => kinds[kind] === 'tried');

/** An alert is `open` while what it is about lasts. */
export const alertStates = ['open', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

/** So many failed sign-ins on one link within so many minutes are many: two passcodes whose tries are used up. */
export const FAILED_SIGN_INS = { count: 10, minutes: 60 } as const;

/** Hours without a try after which what somebody tried is over. */
export const TRIED_HOURS = 24;

/** Within so many minutes a member gets one mail about each kind of what somebody tried, at however many links. */
export const TRIED_MAIL_MINUTES = 15;

/** Failed attempts in a row after which a webhook or a syslog destination is stuck: they span more than half an hour. */
export const STUCK_ATTEMPTS = 4;

/**
 * Minutes for which either may be due, or an event on its way into the log, before somebody should know: a full load of events that others
 * record is worked off within them.
 */
export const STUCK_MINUTES = 15;
/** Seconds for which entries may be unsealed. */
export const UNSEALED_SECONDS = 60;

/** Whoever pulled the log over so many hours is its reader, and is missed after as many; forgotten after so many days. */
export const FEED_READER = { hours: 24, forgottenDays: 30 } as const;

/** Days for which it can be read of an alert that is over: one year can be held against the last. */
export const KEPT_ALERT_DAYS = 400;

/** Within so many minutes a condition that comes back goes on with the same alert: nobody is told of each swing of one that comes and goes. */
export const REOPENED_MINUTES = 60;

/** Each kind in a few words, for lists, subjects of mails and the command line. */
export const alertWords = {
  failedSignIns: 'Many failed sign-ins on a link',
  openingAfterRevocation: 'Tried to open a revoked message',
  trackingOff: 'Tracking is switched off',
  webhookDisabled: 'A webhook was disabled',
  webhookStuck: 'A webhook is stuck',
  syslogDisabled: 'A syslog destination was disabled',
  syslogStuck: 'A syslog destination is stuck',
  feedStuck: 'The log is no longer pulled',
  sealingBehind: 'The log is behind',
  sealingRefused: 'The log is not signed',
  logDiffers: 'The log differs from what is stored',
} as const satisfies Record<AlertKind, string>;

/** Each kind as whoever answers for it is told of it, by mail, by webhook, on the command line and on the screen: what happened, and what to do. Names nobody. */
export const alertTexts = {
  failedSignIns: {
    text: 'Somebody failed to sign in at one message’s link ten times or more within an hour. Nobody gets in by guessing: each passcode has few tries.',
    advice:
      'Ask the recipient whether it was them, by another way than mail. The message’s steps say from where it was tried; what should not be read can be revoked.',
  },
  openingAfterRevocation: {
    text: 'A signed-in recipient asked for a message after it was taken back, and did not get it.',
    advice: 'Nothing has to be done to keep it from them. If they should have it after all, restore it.',
  },
  trackingOff: {
    text: 'Nothing is recorded of messages until it is on again.',
    advice: 'If it should be on, an admin switches it on in the settings. The alert says who switched it off.',
  },
  webhookDisabled: {
    text: 'Its receiver took nothing for days, or said that it is gone. It gets nothing more; entries wait for it.',
    advice:
      'The page Webhooks shows its last answer. Have the receiver mended; then an admin enables it, and it gets all entries that it missed.',
  },
  webhookStuck: {
    text: 'Its receiver has taken nothing for a while, or does not take checkpoints. It is tried for three days, and with checkpoints every hour; nothing is lost.',
    advice:
      'The page Webhooks shows its last answer. Have the receiver mended. Once it takes a test, which an admin sends, what waits is sent at once.',
  },
  syslogDisabled: {
    text: 'Its receiver took nothing for days. It gets nothing more; entries wait for it.',
    advice:
      'The page Syslog shows what went wrong last. Have the receiver mended; then an admin enables it, and it gets all entries that it missed.',
  },
  syslogStuck: {
    text: 'Its receiver has taken nothing for a while. It is tried for three days, and then disabled; nothing is lost.',
    advice:
      'The page Syslog shows what went wrong last. Have the receiver mended. Once it takes a test, which an admin sends, what waits is sent at once.',
  },
  feedStuck: {
    text: 'The program with this key followed the log, and has not asked for what is a day old.',
    advice:
      'See that the program runs, and goes on where it stopped. If it is no longer wanted, an admin revokes its key: that ends the alert.',
  },
  sealingBehind: {
    text: 'What was recorded has waited to come into the log for more than a quarter of an hour, or there for its checkpoint for more than a minute. It is kept. Searches and receivers do not have what is not in the log yet; what has no checkpoint nobody can prove.',
    advice:
      'Tell whoever runs Signet: the worker’s log says what fails; where nothing does, the worker may hang. The page Deliveries shows what fails on its way into the log.',
  },
  sealingRefused: {
    text: 'The database does not lead on from what was signed before, so nothing in this log is signed any more.',
    advice:
      'Tell whoever runs Signet at once: an older database may be in the place of this one, or entries may be missing. The alert has Signet’s reason.',
  },
  logDiffers: {
    text: 'The daily check found that what is stored is not what was logged. Somebody may have changed it.',
    advice:
      'Tell whoever runs Signet at once, so that the database is kept as it is and compared with a backup. The page Log says where it differs.',
  },
} as const satisfies Record<AlertKind, { readonly text: string; readonly advice: string }>;
