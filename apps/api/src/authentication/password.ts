import { hash, verify } from '@node-rs/argon2';

/** argon2id with the least that OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How a chosen password is stored: argon2id in PHC form, with a random salt. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Hash of a password that nobody has: what is compared where there is no member, so that both cases take as long. */
let nobody: Promise<string> | undefined;

/** Whether the password is the one that was stored; takes as long, and says no, where none was stored. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const matches = await verify(stored ?? (await nobody), password);
  return stored !== null && matches;
}
