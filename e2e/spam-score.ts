import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { environment, wholeEnvironment } from './env.ts';

interface SpamScore {
  readonly score: number;
  /** Names of the rules that matched, with commas between. */
  readonly rules: string;
}

/**
 * What the recipient's server writes above a mail that came over the Internet: without it SpamAssassin takes a mail for a local one. The
 * address is a public one, since it counts the ones for documentation as forged.
 */
const received = (at: Date) =>
  [
    'Received: from mail.acme.example (mail.acme.example [93.184.216.34])',
    '\tby mx.example.net (Postfix) with ESMTPS id 4XyZ1234567',
    `\tfor <bob@example.net>; ${at.toUTCString().replace('GMT', '+0000')}`,
    '',
  ].join('\r\n');

/**
 * Asks SpamAssassin about mails as the recipient's server gets them, by its own rules alone (nothing is looked up in the network).
 * @param sources mails as they were sent, whole
 * @returns in the order of the mails
 */
export async function spamScores(sources: readonly string[]): Promise<SpamScore[]> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-spam-'));
  try {
    const files = sources.map((_, index) => join(folder, `${String(index).padStart(4, '0')}.eml`));
    await Promise.all(sources.map((source, index) => writeFile(files[index] ?? '', received(new Date()) + source)));
    // A home of its own: what it learned and likes on this machine does not count.
    const child = spawn(environment.SPAMASSASSIN, ['--local', '--nocreate-prefs', ...files], {
      env: { ...wholeEnvironment, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const statuses = output.replaceAll(/\r?\n[ \t]+/g, ' ').matchAll(/^X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=(.*?) autolearn/gm);
    const scores = Array.from(statuses, ([, score, rules]) => ({ score: Number(score), rules: (rules ?? '').replaceAll(' ', '') }));
    if (scores.length !== sources.length) throw new Error(`SpamAssassin judged ${scores.length} of ${sources.length} mails. ${errors}`);
    return scores;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
