import { ask, isTerminal } from '../confirm.ts';
import { openSession } from '../connection.ts';
import type { CommonOptions } from '../connection.ts';
import { NotDone, UsageError } from '../failure.ts';
import { note, write } from '../output.ts';
import type { AnyCmdlet } from './cmdlet.ts';
import { getIrmConfiguration, setIrmConfiguration } from './irm-configuration.ts';
import { getOmeMessageStatus, setOmeMessageRevocation } from './message-revocation.ts';
import { getOmeConfiguration, newOmeConfiguration, removeOmeConfiguration, setOmeConfiguration } from './ome-configuration.ts';
import { readArguments, suggestion } from './read-arguments.ts';
import {
  disableTransportRule,
  enableTransportRule,
  getTransportRule,
  newTransportRule,
  removeTransportRule,
  setTransportRule,
} from './transport-rule.ts';
import { searchUnifiedAuditLog } from './unified-audit-log.ts';

/** Every cmdlet there is. */
export const cmdlets: readonly AnyCmdlet[] = [
  getIrmConfiguration,
  setIrmConfiguration,
  getOmeConfiguration,
  newOmeConfiguration,
  setOmeConfiguration,
  removeOmeConfiguration,
  getTransportRule,
  newTransportRule,
  setTransportRule,
  removeTransportRule,
  enableTransportRule,
  disableTransportRule,
  getOmeMessageStatus,
  setOmeMessageRevocation,
  searchUnifiedAuditLog,
];

/** Whether a word is written as the name of a cmdlet is: a verb, a dash, a noun. No other command has a dash. */
export function isCmdletName(word: string): boolean {
  return /^[a-z]+-[a-z]+$/i.test(word);
}

/** The cmdlet of this name, in any case. @throws {UsageError} with what was perhaps meant */
function findCmdlet(name: string): AnyCmdlet {
  const found = cmdlets.find((cmdlet) => cmdlet.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = suggestion(
    name,
    cmdlets.map((cmdlet) => cmdlet.name),
  );
  throw new UsageError(`There is no cmdlet ${name}.${near} signet --help lists them.`);
}

/** Runs a cmdlet with the words after its name; `--json` and `--config` are already taken from them. */
export async function runCmdlet(name: string, words: readonly string[], options: CommonOptions): Promise<void> {
  const cmdlet = findCmdlet(name);
  if (words.some((word) => word === '-?' || word === '--help')) return write(helpOf(cmdlet));
  const { values, whatIf, confirm } = readArguments(cmdlet, words);
  if (confirm === true && !isTerminal()) throw new UsageError('-Confirm asks, and nobody can be asked here.');
  const asks = confirm ?? cmdlet.irreversible === true;
  const proceed = async (action: string): Promise<boolean> => {
    if (whatIf) note(`What if: ${action}.`);
    else if (asks && !isTerminal()) throw new UsageError("This cannot be undone, and nobody can be asked here: add '-Confirm:$false'.");
    else if (asks) await askAsPowerShell(action);
    return !whatIf;
  };
  // `readArguments` has read the values by the cmdlet's own parameters, which is what its `run` takes.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  await cmdlet.run(values as never, { ...openSession(options), proceed });
}

async function askAsPowerShell(action: string): Promise<void> {
  for (const line of ['', 'Confirm', 'Are you sure you want to perform this action?', `${action}.`]) note(line);
  const answer = await ask('[Y] Yes  [N] No  (default is "Y"): ');
  if (answer === undefined || !/^(y(es)?)?$/i.test(answer)) throw new NotDone('Nothing was done.');
}

function helpOf({ name, summary, changes, parameters, refused }: AnyCmdlet): string {
  const syntax = Object.entries(parameters).map(([parameter, { type, mandatory, positional }]) => {
    const written = `${positional ? `[-${parameter}]` : `-${parameter}`} <${type}>`;
    return mandatory ? written : `[${written}]`;
  });
  const without = Object.entries(refused).map(([parameter, reason]) => `  -${parameter}: ${reason}\n`);
  return [
    `${name}: ${summary}\n\n`,
    `  ${[name, ...syntax, ...(changes ? ['[-WhatIf]', '[-Confirm]'] : []), '[--json]', '[--config <file>]'].join(' ')}\n`,
    ...(without.length === 0 ? [] : ['\nWithout meaning here:\n', ...without]),
  ].join('');
}
