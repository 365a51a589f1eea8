import completion from '@bomb.sh/tab/commander';
import { Command } from '@commander-js/extra-typings';
import { CommanderError } from 'commander';
import type { Command as PlainCommand } from 'commander';
import { cmdlets, isCmdletName, runCmdlet } from './cmdlets/run-cmdlet.ts';
import { alertCommand } from './commands/alert.ts';
import { auditCommand } from './commands/audit.ts';
import { configurationCommand } from './commands/configuration.ts';
import { credentialCommand } from './commands/credential.ts';
import { domainCommand } from './commands/domain.ts';
import { doctorCommand } from './commands/doctor.ts';
import { holdCommand } from './commands/hold.ts';
import { importCommand } from './commands/import.ts';
import { keyCommand } from './commands/key.ts';
import { logCommand } from './commands/log.ts';
import { memberCommand } from './commands/member.ts';
import { messageCommand } from './commands/message.ts';
import { missingContentCommand } from './commands/missing-content.ts';
import { nextHopCommand } from './commands/next-hop.ts';
import { webhookCommand } from './commands/webhook.ts';
import { outboxCommand } from './commands/outbox.ts';
import { recordCommand } from './commands/record.ts';
import { retentionCommand } from './commands/retention.ts';
import { ruleCommand } from './commands/rule.ts';
import { senderGroupCommand } from './commands/sender-group.ts';
import { setupCommand } from './commands/setup.ts';
import { statisticsCommand } from './commands/statistics.ts';
import { storageCommand } from './commands/storage.ts';
import { syslogCommand } from './commands/syslog.ts';
import { templateCommand } from './commands/template.ts';
import { trustCommand } from './commands/trust.ts';
import type { CommonOptions } from './connection.ts';
import { UsageError, exitCodes, explain } from './failure.ts';

const nouns = [
  messageCommand,
  auditCommand,
  recordCommand,
  logCommand,
  retentionCommand,
  holdCommand,
  configurationCommand,
  templateCommand,
  ruleCommand,
  senderGroupCommand,
  keyCommand,
  credentialCommand,
  trustCommand,
  domainCommand,
  nextHopCommand,
  webhookCommand,
  syslogCommand,
  alertCommand,
  memberCommand,
  outboxCommand,
  missingContentCommand,
  storageCommand,
  statisticsCommand,
  importCommand,
];

const about = `
Cmdlets, as Exchange Online has them (names in any case, -Parameter value, -?):
${cmdlets.map(({ name, summary }) => `  ${name.padEnd(25)} ${summary}`).join('\n')}

The API and the key for it come from --config, or SIGNET_API_URL and SIGNET_API_KEY, or ~/.config/signet/config.json,
or the local.json of a local start. Exit codes: 0 done, 1 refused, 2 wrong usage, 3 the API cannot be reached.`;

function program(): Command {
  const signet = new Command('signet').description('Administer Signet: track encrypted mail and take it back.').addHelpText('after', about);
  for (const command of [...nouns, setupCommand, doctorCommand]) signet.addCommand(command);
  // The same object: its typings say more about its options than commander's own, and so do not count as those.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const words = completion(signet as unknown as PlainCommand, { completionCommandName: 'completion' });
  for (const { name, summary } of cmdlets) words.command(name, summary);
  for (const command of [signet, setupCommand, doctorCommand, ...nouns, ...nouns.flatMap((noun) => noun.commands)])
    command.exitOverride().showSuggestionAfterError();
  return signet;
}

/** `--json` and `--config`, which every command has, out of the words for a cmdlet. */
function takeOptions(words: readonly string[]): { options: CommonOptions; rest: string[] } {
  const at = words.indexOf('--config');
  const config = at === -1 ? undefined : words[at + 1];
  if (at !== -1 && config === undefined) throw new UsageError('--config needs a file.');
  const rest = words.filter((word, index) => word !== '--json' && (at === -1 || (index !== at && index !== at + 1)));
  return { options: { config, json: words.includes('--json') || undefined }, rest };
}

async function dispatch(words: readonly string[]): Promise<void> {
  const [name, ...after] = words;
  if (name === undefined || !isCmdletName(name) || nouns.some((noun) => noun.name() === name)) {
    await program().parseAsync(words, { from: 'user' });
    return;
  }
  const { options, rest } = takeOptions(after);
  await runCmdlet(name, rest, options);
}

/** Runs the command with the words after its name. @returns its exit code */
export async function runSignet(words: readonly string[]): Promise<number> {
  // Whoever reads the output may have seen enough: `signet audit list --all | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.refused));
  try {
    await dispatch(words);
    return exitCodes.done;
  } catch (error) {
    // Commander has written its own words: help that was asked for, or what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const { lines, exitCode } = explain(error, words.includes('--json'));
    for (const line of lines) process.stderr.write(`${line}\n`);
    return exitCode;
  }
}
