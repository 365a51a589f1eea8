import type { MailRuleCondition } from '@signet/domain/mail-rule-condition';
import { bytesOf } from '../byte-size.ts';
import { UsageError } from '../failure.ts';
import type { Parameters } from './cmdlet.ts';
import type { Properties } from './power-shell-format.ts';
import type { Value } from './values.ts';

/** Parameters of a transport rule as they were given, from a command line or from a file. */
export type RuleValues = Readonly<Record<string, Value | null | undefined>>;

/** What a condition is called as an exception. */
export const EXCEPTION = 'ExceptIf';

/** How a transport rule asks what one of Signet's conditions asks. */
interface Predicate {
  readonly parameters: Parameters;
  readonly owns: (condition: MailRuleCondition) => boolean;
  /** The condition; null for one that all mail here fulfils. */
  readonly read: (given: Given) => MailRuleCondition | null;
  /** The condition as Get-TransportRule shows it, under the names of the parameters. */
  readonly show: (condition: MailRuleCondition) => Properties;
}

/** The values of a predicate's parameters, whether it is a condition or an exception. */
interface Given {
  readonly prefix: string;
  readonly list: (name: string) => readonly string[];
  readonly text: (name: string) => string;
}

const list = { type: 'String[]', nullable: true } as const;
const text = { type: 'String', nullable: true } as const;

type Listed = Extract<MailRuleCondition, { words: unknown } | { addresses: unknown } | { domains: unknown } | { groups: unknown }>;

/** A predicate with a list that means the same here. */
function listed(
  name: string,
  read: (values: string[]) => Listed,
  check: (name: string, value: string) => string = (_, value) => value,
): Predicate {
  const { kind } = read([]);
  return {
    parameters: { [name]: list },
    owns: (condition) => condition.kind === kind,
    read: ({ prefix, list: valuesOf }) => read(valuesOf(name).map((value) => check(`${prefix}${name}`, value))),
    show: (condition) => [[name, Object.entries(condition).find(([part]) => part !== 'kind')?.[1]]],
  };
}

/** Exchange finds people by any of their names; here an address is all that is known of them, and a name would fit nobody. */
function address(name: string, value: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(value)) return value;
  throw new UsageError(`-${name} takes mail addresses: there is no directory here that knows “${value}”.`);
}

const scopes = [
  { name: 'InOrganization', kind: 'recipientInside' },
  { name: 'NotInOrganization', kind: 'recipientOutside' },
] as const;

const predicates: readonly Predicate[] = [
  listed('From', (addresses) => ({ kind: 'sender', addresses }), address),
  listed('FromMemberOf', (groups) => ({ kind: 'senderGroup', groups })),
  listed('SenderDomainIs', (domains) => ({ kind: 'senderDomain', domains })),
  listed('SentTo', (addresses) => ({ kind: 'recipient', addresses }), address),
  listed('RecipientDomainIs', (domains) => ({ kind: 'recipientDomain', domains })),
  listed('SubjectContainsWords', (words) => ({ kind: 'subjectContains', words })),
  listed('SubjectOrBodyContainsWords', (words) => ({ kind: 'subjectOrBodyContains', words })),
  {
    parameters: { FromScope: text },
    owns: () => false,
    read: ({ prefix, text: valueOf }) => {
      // Whoever hands mail in is of the organization, else it is not taken.
      const holdsAlways = prefix === '' ? 'InOrganization' : 'NotInOrganization';
      if (valueOf('FromScope').toLowerCase() === holdsAlways.toLowerCase()) return null;
      throw new UsageError(
        `-${prefix}FromScope takes ${holdsAlways}: all mail here comes from the organization, so the rule would never apply.`,
      );
    },
    show: () => [],
  },
  {
    parameters: { SentToScope: text },
    owns: ({ kind }) => kind === 'recipientInside' || kind === 'recipientOutside',
    read: ({ prefix, text: valueOf }) => {
      const wanted = valueOf('SentToScope');
      const scope = scopes.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
      if (scope) return { kind: scope.kind };
      throw new UsageError(`-${prefix}SentToScope takes InOrganization or NotInOrganization: no list of partners is kept here.`);
    },
    show: ({ kind }) => scopes.filter((scope) => scope.kind === kind).map(({ name }) => ['SentToScope', name]),
  },
  {
    parameters: { HeaderContainsMessageHeader: text, HeaderContainsWords: list },
    owns: ({ kind }) => kind === 'headerContains',
    read: (given) => ({
      kind: 'headerContains',
      header: given.text('HeaderContainsMessageHeader'),
      words: [...given.list('HeaderContainsWords')],
    }),
    show: (condition) =>
      condition.kind === 'headerContains'
        ? [
            ['HeaderContainsMessageHeader', condition.header],
            ['HeaderContainsWords', condition.words],
          ]
        : [],
  },
  {
    parameters: { MessageSizeOver: text },
    owns: ({ kind }) => kind === 'sizeAtLeast',
    read: ({ prefix, text: valueOf }) => ({ kind: 'sizeAtLeast', bytes: readSize(`${prefix}MessageSizeOver`, valueOf('MessageSizeOver')) }),
    show: (condition) => (condition.kind === 'sizeAtLeast' ? [['MessageSizeOver', `${condition.bytes} bytes`]] : []),
  },
  {
    parameters: { AttachmentExtensionMatchesWords: list },
    owns: (condition) => extensionsOf(condition) !== undefined,
    read: (given) => ({
      kind: 'attachmentNameEndsWith',
      endings: given.list('AttachmentExtensionMatchesWords').map((word) => `.${word.replace(/^\./, '')}`),
    }),
    show: (condition) => [['AttachmentExtensionMatchesWords', extensionsOf(condition)]],
  },
  {
    parameters: { AttachmentNameMatchesPatterns: list },
    owns: (condition) =>
      condition.kind === 'attachmentNameContains' || (condition.kind === 'attachmentNameEndsWith' && extensionsOf(condition) === undefined),
    read: ({ prefix, list: valuesOf }) => readPatterns(`${prefix}AttachmentNameMatchesPatterns`, valuesOf('AttachmentNameMatchesPatterns')),
    show: (condition) =>
      condition.kind === 'attachmentNameContains'
        ? [['AttachmentNameMatchesPatterns', condition.words.map(escaped)]]
        : condition.kind === 'attachmentNameEndsWith'
          ? [['AttachmentNameMatchesPatterns', condition.endings.map((ending) => `${escaped(ending)}$`)]]
          : [],
  },
];

/** The parameters for conditions and for exceptions. */
export const conditionParameters: Parameters = Object.fromEntries(
  ['', EXCEPTION].flatMap((prefix) =>
    predicates.flatMap(({ parameters }) => Object.entries(parameters).map(([name, parameter]) => [`${prefix}${name}`, parameter])),
  ),
);

/** The conditions (or exceptions) with those that were given in the place of the ones of their kind; null takes one away. */
export function conditionsFrom(before: readonly MailRuleCondition[], values: RuleValues, prefix = ''): MailRuleCondition[] {
  let conditions = [...before];
  for (const { parameters, owns, read } of predicates) {
    const names = Object.keys(parameters);
    const given = names.filter((name) => values[`${prefix}${name}`] !== undefined);
    if (given.length === 0) continue;
    conditions = conditions.filter((condition) => !owns(condition));
    if (given.every((name) => values[`${prefix}${name}`] === null)) continue;
    const wanted = read(reader(values, prefix));
    if (wanted !== null) conditions.push(wanted);
  }
  return conditions;
}

/** How many conditions (or exceptions) were given, those among them that all mail fulfils included. */
export function countConditions(values: RuleValues, prefix = ''): number {
  return predicates.filter(({ parameters }) => Object.keys(parameters).some((name) => values[`${prefix}${name}`] != null)).length;
}

/** A condition as Get-TransportRule shows it; undefined where no transport rule has such a one. */
export function showCondition(condition: MailRuleCondition): Properties | undefined {
  return predicates.find(({ owns }) => owns(condition))?.show(condition);
}

function reader(values: RuleValues, prefix: string): Given {
  const valueOf = (name: string) => {
    const value = values[`${prefix}${name}`];
    if (value === undefined || value === null) throw new UsageError(`-${prefix}${name} is missing: it belongs to the other one.`);
    return value;
  };
  return {
    prefix,
    list: (name) => {
      const value = valueOf(name);
      return Array.isArray(value) ? value : [String(value)];
    },
    text: (name) => String(valueOf(name)),
  };
}

/** `25MB`, `26214400`, or as Exchange shows it: `25 MB (26,214,400 bytes)`. */
function readSize(name: string, written: string): number {
  const shown = /\(([\d,]+) bytes\)$/.exec(written)?.[1];
  if (shown !== undefined) return Number(shown.replaceAll(',', ''));
  const bytes = bytesOf(written);
  if (bytes === undefined) throw new UsageError(`-${name} takes a size like 25MB, not “${written}”.`);
  return bytes;
}

/** The words of an extension where a condition asks for nothing but extensions. */
function extensionsOf(condition: MailRuleCondition): string[] | undefined {
  if (condition.kind !== 'attachmentNameEndsWith' || !condition.endings.every((ending) => /^\.[^.]+$/.test(ending))) return undefined;
  return condition.endings.map((ending) => ending.slice(1));
}

/** Regular expressions that are nothing but text say what Signet asks: whether a name contains it, or ends so. */
function readPatterns(name: string, patterns: readonly string[]): MailRuleCondition {
  const read = patterns.map((pattern) => {
    const atEnd = /(?<!\\)(?:\\\\)*\$$/.test(pattern);
    const literal = atEnd ? pattern.slice(0, -1) : pattern;
    // A comparison here overlooks blanks at the ends, and how many there are.
    const isPlain = /^(?:[^\\^$.|?*+()[\]{}]|\\[^\p{L}\p{N}])+$/u.test(literal) && !/^\s|\s$|\s\s/.test(literal);
    if (isPlain) return { atEnd, literal: literal.replaceAll(/\\(.)/gsu, '$1') };
    throw new UsageError(
      `-${name}: there are no regular expressions here, only text, with $ for the end of the name: like \\.pdf$, not “${pattern}”.`,
    );
  });
  const texts = read.map(({ literal }) => literal);
  if (read.every(({ atEnd }) => atEnd)) return { kind: 'attachmentNameEndsWith', endings: texts };
  if (read.every(({ atEnd }) => !atEnd)) return { kind: 'attachmentNameContains', words: texts };
  throw new UsageError(`-${name}: all of them must end with $, or none: one rule cannot ask both.`);
}

function escaped(literal: string): string {
  return literal.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}
