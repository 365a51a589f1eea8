import { parseArgs } from 'node:util';
import { logStreams } from '@signet/domain/log/checkpoint';
import { z } from 'zod';
import { runCommand, withLogParts } from './log-parts.ts';
import { LogSealer } from './log-sealer.ts';

const USAGE = 'accept-log --organization <id> --log audit|admin --reason "why an older database is in place"';

const given = z.strictObject({
  organization: z.uuid().toLowerCase(),
  log: z.enum(logStreams),
  reason: z.string().trim().min(1).max(1000),
});

/** Goes on with a log as the database has it, on an operator's word (`LogSealer.accept`). */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { organization: text, log: text, reason: text } });
  const parsed = given.safeParse(values);
  if (!parsed.success) {
    throw new Error(`${USAGE}\n  ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n  ')}`);
  }
  const { organization: organizationId, log: stream, reason } = parsed.data;
  const refused = await withLogParts((parts) => new LogSealer(parts).accept({ organizationId, stream }, reason));
  process.stdout.write(
    refused === null ? 'Nothing is wrong with this log\n' : `The log goes on as the database has it. It was refused: ${refused}\n`,
  );
}

if (import.meta.main) runCommand(main);
