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

/** Minutes for which either may be due, or entries unsealed, before somebody should know. */
export const STUCK_MINUTES = 15;
export const UNSEALED_SECONDS = 60;

/** Whoever pulled the log over so many hours is its reader, and is missed after as many; forgotten after so many days. */
export const FEED_READER = { hours: 24, forgottenDays: 30 } as const;

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
  sealingBehind: 'The log is signed late',
  sealingRefused: 'The log is not signed',
  logDiffers: 'The log differs from what is stored',
} as const satisfies Record<AlertKind, string>;
