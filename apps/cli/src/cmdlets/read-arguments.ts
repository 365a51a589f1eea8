import { distance } from 'fastest-levenshtein';
import { UsageError } from '../failure.ts';
import type { AnyCmdlet, Parameter } from './cmdlet.ts';
import { readValue } from './values.ts';
import type { Value } from './values.ts';

/** What a command line says to a cmdlet. */
export interface CmdletArguments {
  readonly values: Readonly<Record<string, Value | null>>;
  readonly whatIf: boolean;
  /** Undefined where nothing is said about asking. */
  readonly confirm: boolean | undefined;
}

/** Parameters that every cmdlet of PowerShell has, and why they mean nothing here. */
const common = Object.fromEntries(
  [
    'Verbose',
    'Debug',
    'ErrorAction',
    'WarningAction',
    'InformationAction',
    'ProgressAction',
    'ErrorVariable',
    'WarningVariable',
    'InformationVariable',
    'OutVariable',
    'OutBuffer',
    'PipelineVariable',
  ].map((name) => [name, 'it belongs to PowerShell itself; the exit code says how this command ended']),
);

const DOMAIN_CONTROLLER = 'there is no Active Directory here';

/**
 * Reads the arguments after a cmdlet's name: `-Name value`, `-Name:value`, names in any case or as far as they are unambiguous.
 * @throws {UsageError} naming what is wrong: unknown, without meaning here, ambiguous, given twice, without value, or missing
 */
export function readArguments(cmdlet: AnyCmdlet, words: readonly string[]): CmdletArguments {
  const switches = cmdlet.changes ? ['WhatIf', 'Confirm'] : [];
  const refused: Record<string, string> = { DomainController: DOMAIN_CONTROLLER, ...common, ...cmdlet.refused };
  const names = [...Object.keys(cmdlet.parameters), ...switches, ...Object.keys(refused)];
  const found = new Map<string, Value | null>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const parameter = /^-([A-Za-z]\w*)(?::(.*))?$/s.exec(word);
    const name = parameter === null ? positional(cmdlet, found, word) : resolve(cmdlet, names, parameter[1] ?? '');
    const reason = refused[name];
    if (reason !== undefined) throw new UsageError(`${cmdlet.name}: -${name} has no meaning here: ${reason}.`);
    if (found.has(name)) throw new UsageError(`${cmdlet.name}: -${name} is given twice.`);
    const known = cmdlet.parameters[name];
    const inline = parameter === null ? word : parameter[2];
    if (known === undefined) found.set(name, inline === undefined ? true : valueOf(name, { type: 'Boolean' }, inline, rest));
    else found.set(name, valueOf(name, known, inline, rest));
  }
  for (const [name, { mandatory }] of Object.entries(cmdlet.parameters)) {
    if (mandatory && !found.has(name)) throw new UsageError(`${cmdlet.name} needs -${name}.`);
  }
  const { WhatIf, Confirm, ...values } = Object.fromEntries(found);
  return { values, whatIf: WhatIf === true, confirm: typeof Confirm === 'boolean' ? Confirm : undefined };
}

function valueOf(name: string, { type, nullable }: Parameter, inline: string | undefined, rest: string[]): Value | null {
  const given = inline || nextValue(rest);
  if (given === undefined) {
    if (type === 'Boolean') return readValue(name, type, '');
    throw new UsageError(
      `-${name} needs a value.${nullable ? ` A Unix shell took $null for a variable of its own: write -${name} '$null'.` : ''}`,
    );
  }
  const whole = type === 'String[]' ? wholeList(given, rest) : given;
  return nullable && /^(\$null)?$/i.test(whole) ? null : readValue(name, type, whole);
}

/** `-From a@acme.example, b@acme.example` is one list to PowerShell, and two words to a Unix shell. */
function wholeList(begun: string, rest: string[]): string {
  let whole = begun;
  while (whole.endsWith(',')) {
    const more = nextValue(rest);
    if (more === undefined) break;
    whole += more;
  }
  return whole;
}

/** The value after a parameter's name, where there is one. */
function nextValue(rest: string[]): string | undefined {
  const [next] = rest;
  if (next === undefined || /^-[A-Za-z]/.test(next)) return undefined;
  rest.shift();
  return next;
}

function positional(cmdlet: AnyCmdlet, found: ReadonlyMap<string, unknown>, word: string): string {
  const name = Object.entries(cmdlet.parameters).find(([, parameter]) => parameter.positional)?.[0];
  if (name === undefined || found.has(name)) throw new UsageError(`${cmdlet.name}: nothing takes the value “${word}”.`);
  return name;
}

function resolve(cmdlet: AnyCmdlet, names: readonly string[], written: string): string {
  const wanted = written.toLowerCase();
  const exact = names.find((name) => name.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  const begun = names.filter((name) => name.toLowerCase().startsWith(wanted));
  const [only, ...others] = begun;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) throw new UsageError(`${cmdlet.name}: -${written} may be ${begun.map((name) => `-${name}`).join(' or ')}.`);
  throw new UsageError(`${cmdlet.name} has no parameter -${written}.${suggestion(wanted, names, '-')}`);
}

/** ` Did you mean …?` where something is near, or begins so. */
export function suggestion(written: string, names: readonly string[], prefix = ''): string {
  const wanted = written.toLowerCase();
  const isNear = (name: string) => name.startsWith(wanted) || distance(wanted, name) <= Math.max(2, wanted.length / 3);
  const near = names.filter((name) => isNear(name.toLowerCase())).toSorted((a, b) => nearness(wanted, a) - nearness(wanted, b))[0];
  return near === undefined ? '' : ` Did you mean ${prefix}${near}?`;
}

function nearness(wanted: string, name: string): number {
  return distance(wanted, name.toLowerCase());
}
