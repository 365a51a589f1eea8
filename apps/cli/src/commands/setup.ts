import { Command } from '@commander-js/extra-typings';
import { setupRoutes } from '@signet/api-contract/setup';
import { ask, askSecret, isTerminal } from '../confirm.ts';
import { openWithoutKey } from '../connection.ts';
import { readEnvironment } from '../env.ts';
import { NotDone, UsageError } from '../failure.ts';
import { note, write, writeJson } from '../output.ts';

/** What was given, or what somebody at the terminal answers. */
async function given(value: string | undefined, how: string, asking: () => Promise<string | undefined>): Promise<string> {
  if (value !== undefined) return value;
  if (!isTerminal()) throw new UsageError(`Nobody can be asked here: say ${how}.`);
  const answer = await asking();
  if (answer === undefined || answer === '') throw new NotDone('Nothing was done.');
  return answer;
}

export const setupCommand = new Command('setup')
  .description('make the first organization, with the token that the api printed when it started')
  .option('--name <name>', 'what the organization is called')
  .option('--domain <domain>', 'the mail domain that its people send from')
  .option('--admin <email>', 'the first admin’s address, of that domain')
  .option('--json', 'write what the API answers, as JSON')
  .addHelpText(
    'after',
    '\nThe API is http://localhost:3001, or SIGNET_API_URL. The token comes from SIGNET_SETUP_TOKEN, or is asked for: it never stands on the command line.',
  )
  .action(async (options) => {
    const environment = readEnvironment();
    const { client, apiUrl } = openWithoutKey(environment);
    const token = await given(environment.setupToken, 'SIGNET_SETUP_TOKEN', () => askSecret(`Setup token, as printed by ${apiUrl}: `));
    const organizationName = await given(options.name, '--name', () => ask('Name of the organization: '));
    const domain = await given(options.domain, '--domain', () => ask('Mail domain: '));
    const adminEmail = await given(options.admin, '--admin', () => ask('Address of the first admin: '));
    const made = await client.call(setupRoutes.setUp, { body: { token, organizationName, domain, adminEmail } });
    if (options.json) return writeJson(made);
    note(`The organization ${made.organizationName} is there, for ${made.domain}.`);
    note(`With this link ${made.adminEmail} chooses a password. It is good once, until ${made.invitationExpiresAt}, and shown this once:`);
    await write(`${made.invitationUrl}\n`);
  });
