import { sealedLogs } from '@signet/db/log-check';
import { checkLog, wordsOfDifference } from './log-checker.ts';
import { runCommand, withLogParts } from './log-parts.ts';

/** Checks every log now. Exit code 1 where one differs. */
async function main(): Promise<void> {
  const differing = await withLogParts(async (parts) => {
    const found: string[] = [];
    for (const log of await sealedLogs(parts.database.system)) {
      const { size, difference } = await checkLog(parts, log);
      const words = difference ? wordsOfDifference(log, difference) : `${log.organizationId}/${log.stream}: ok ${size} entries`;
      process.stdout.write(`${words}\n`);
      if (difference) found.push(words);
    }
    return found;
  });
  if (differing.length > 0) throw new Error('What is stored is not what was logged');
}

if (import.meta.main) runCommand(main);
