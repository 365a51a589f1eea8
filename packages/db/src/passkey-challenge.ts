import type { SystemScope } from './database.ts';

/** What a challenge was given for: an answer to it is worth nothing for anything else. */
export type ChallengePurpose = 'sign-in' | 'second-factor' | 'reauthentication' | 'registration';

export interface PasskeyChallenge {
  readonly purpose: ChallengePurpose;
  /** The session, or the step of a sign-in, that it was given to; null where nobody is known yet. */
  readonly subject: string | null;
}

/** Keeps a challenge for so many seconds. @param challengeHash SHA-256 of the challenge as browsers write it. */
export async function putPasskeyChallenge(
  system: SystemScope,
  challengeHash: Uint8Array,
  { purpose, subject }: PasskeyChallenge,
  seconds: number,
): Promise<void> {
  await system.query(
    `insert into passkey_challenge (challenge_hash, purpose, subject, expires_at)
     values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4::int))`,
    [challengeHash, purpose, subject, seconds],
  );
}

/** Takes a challenge away, whatever comes of the answer: of any number of answers to it one is looked at. @returns null where it is not good. */
export async function takePasskeyChallenge(system: SystemScope, challengeHash: Uint8Array): Promise<PasskeyChallenge | null> {
  const [row] = await system.query<PasskeyChallenge & { live: boolean }>(
    'delete from passkey_challenge where challenge_hash = $1 returning purpose, subject, expires_at > clock_timestamp() as live',
    [challengeHash],
  );
  return row?.live ? { purpose: row.purpose, subject: row.subject } : null;
}
