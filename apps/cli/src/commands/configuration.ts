import { configuration, configurationRoutes } from '@signet/api-contract/configuration';
import { closest } from 'fastest-levenshtein';
import { noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { writeFields, writeJson } from '../output.ts';

const names = Object.keys(configuration.shape);

/** `name=value` pairs as the API's fields: a value that is JSON (`true`, `30`, `null`, `["a"]`) is that, any other a text. */
export function readAssignments(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair): [string, unknown] => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`${pair}: write it as name=value.`);
      const name = pair.slice(0, at);
      if (!names.includes(name)) throw new UsageError(`There is no setting ${name}. Did you mean ${closest(name, names)}?`);
      return [name, valueOf(pair.slice(at + 1))];
    }),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const configurationCommand = noun('configuration', 'the organization’s settings');

verb(configurationCommand, 'show', 'all settings').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(configurationRoutes.getConfiguration);
  await (session.json ? writeJson(found) : writeFields(Object.entries(found)));
});

verb(configurationCommand, 'set', 'change settings; what is not named stays as it is')
  .argument('<name=value...>', names.join(', '))
  .addHelpText('after', '\nExample:\n  signet configuration set enablePortalTrackingLogs=true')
  .action(async (pairs, options) => {
    const body = readAssignments(pairs);
    const session = openSession(options);
    const changed = await session.client.call(configurationRoutes.changeConfiguration, { body });
    await (session.json ? writeJson(changed) : writeFields(Object.entries(changed)));
  });
