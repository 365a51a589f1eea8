import { isDeepStrictEqual } from 'node:util';
import { brandingTemplateRoutes } from '@signet/api-contract/branding-templates';
import type { Client } from '@signet/api-contract/client';
import { mailRuleRoutes, type MailRuleView } from '@signet/api-contract/mail-rules';
import { senderGroupRoutes } from '@signet/api-contract/sender-groups';
import { mailRuleFaults, mailRuleSchema, names } from '@signet/domain/mail-rule';
import type { MailRule } from '@signet/domain/mail-rule';
import { z } from 'zod';
import type { Parameter } from '../cmdlets/cmdlet.ts';
import { emptyRule, ruleParameters, rulePartsFrom } from '../cmdlets/rule-changes.ts';
import { EXCEPTION, countConditions } from '../cmdlets/rule-conditions.ts';
import type { RuleValues } from '../cmdlets/rule-conditions.ts';
import { refusedRuleParameters } from '../cmdlets/rule-refused.ts';
import { UsageError } from '../failure.ts';
import { faultsOf, isEmpty, restOf, unwrapped } from './read-export.ts';
import type { Entry } from './read-export.ts';
import { Refused } from './report.ts';
import type { Plan } from './report.ts';

const valueSchemas = {
  Boolean: z.boolean(),
  String: z.string(),
  'String[]': z.preprocess((given) => (typeof given === 'string' ? [given] : unwrapped(given)), z.array(z.string())),
} as const;

/** How a parameter's value stands in the JSON; what is empty was not set. */
function schemaOf({ type }: Parameter): z.ZodType<string | boolean | string[] | undefined> {
  const schema = type === 'Boolean' || type === 'String[]' ? valueSchemas[type] : valueSchemas.String;
  return z.preprocess((given) => (isEmpty(given) ? undefined : given), schema.optional());
}

const transportRule = z.looseObject({
  Name: z.string().min(1),
  State: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  Mode: z.literal('Enforce', { error: 'a rule that only watches would begin to act: there is no such mode here' }).default('Enforce'),
  Priority: z.int().default(0),
});
const values = z.object(Object.fromEntries(Object.entries(ruleParameters).map(([name, parameter]) => [name, schemaOf(parameter)])));

/** What says something about the rule as an object in Exchange, and nothing about mail. */
const aboutTheObject = [
  'Guid',
  'ImmutableId',
  'DistinguishedName',
  'WhenChanged',
  'WhenCreated',
  'CreatedBy',
  'LastModifiedBy',
  'ManuallyModified',
  'Description',
  'Conditions',
  'Exceptions',
  'Actions',
  'RuleVersion',
  'Size',
  'IsRuleConfigurationSupported',
  'RuleConfigurationUnsupportedReason',
  'RuleErrorAction',
  'RecipientAddressType',
  'UseLegacyRegex',
];
/** What is named as not taken: mail is treated the same without it. */
const withoutEffect = ['Comments', 'SetAuditSeverity'];
const ofSender = ['From', 'FromMemberOf', 'SenderDomainIs'];
const ofWords = ['SubjectContainsWords', 'SubjectOrBodyContainsWords', 'HeaderContainsWords'];

/** A transport rule as a mail rule. */
interface ReadRule {
  readonly rule: MailRule;
  readonly priority: number;
  readonly notTaken: readonly string[];
  readonly notes: readonly string[];
}

/** What a rule from Exchange says, whole or not at all: one that counts for less mail would let some go without it. @throws {Refused} */
export function readRule(entry: Entry): ReadRule {
  const read = transportRule.safeParse(entry);
  const given = values.safeParse(entry);
  if (!read.success || !given.success) throw new Refused([read, given].flatMap(({ error }) => (error ? faultsOf(error) : [])));
  const { Name: name, State, Priority: priority } = read.data;
  // The header is what Exchange reads unless told otherwise, which the reasons say.
  const { SenderAddressLocation: location, Mode: _, ...ruleValues }: RuleValues = given.data;
  const rest = restOf(entry, [...Object.keys(transportRule.shape), ...Object.keys(ruleParameters), ...aboutTheObject]);
  const reasons = [
    ...rest.filter((property) => !withoutEffect.includes(property) && !saysNone(entry, property)).map(reasonFor),
    ...senderReasons(ruleValues, location),
    ...wordReasons(ruleValues),
    ...countReasons(entry, ruleValues),
  ];
  try {
    const parts = rulePartsFrom(emptyRule, ruleValues);
    if (parts.actions.length === 0) reasons.push('it does nothing that a rule can do here');
    if (reasons.length > 0) throw new Refused(reasons);
    return {
      rule: { name, enabled: State === 'Enabled', ...parts },
      priority,
      notTaken: rest.filter((property) => withoutEffect.includes(property)),
      notes: ofWords.some((property) => ruleValues[property] !== undefined) ? ['its words are found within longer words, too'] : [],
    };
  } catch (error) {
    if (error instanceof UsageError) throw new Refused([...reasons, error.message]);
    throw error;
  }
}

/** `None` is how Exchange says of an enumeration that it is not set. */
function saysNone(entry: Entry, property: string): boolean {
  return entry[property] === 'None';
}

function reasonFor(property: string): string {
  return `${property}: ${refusedRuleParameters[property] ?? 'it is not known here, so nobody can say what the rule would be without it'}`;
}

function senderReasons(given: RuleValues, location: unknown): string[] {
  const asked = ['', EXCEPTION].flatMap((prefix) => ofSender.map((name) => `${prefix}${name}`)).filter((name) => given[name] !== undefined);
  if (asked.length === 0 || location === 'Envelope') return [];
  const where = typeof location === 'string' ? location : 'Header';
  return [
    `${asked.join(', ')}: it looks for the sender in the message’s header (SenderAddressLocation ${where}), and here the sender is the one of the envelope. Where the two are the same with you, say Envelope, in Exchange or in the file`,
  ];
}

/** Words are found within longer ones here: as a condition this protects more, as an exception less. */
function wordReasons(given: RuleValues): string[] {
  return ofWords
    .map((name) => `${EXCEPTION}${name}`)
    .filter((name) => given[name] !== undefined)
    .map((name) => `${name}: words are found within longer words here, so the exception would let more mail go without the rule`);
}

/** Exchange lists the conditions and exceptions by their kinds, so one that no property shows is seen. */
function countReasons(entry: Entry, given: RuleValues): string[] {
  return (
    [
      ['Conditions', ''],
      ['Exceptions', EXCEPTION],
    ] as const
  ).flatMap(([property, prefix]) => {
    const listed = unwrapped(entry[property]);
    const read = countConditions(given, prefix);
    if (!Array.isArray(listed) || listed.length === read) return [];
    return [`${property}: there are ${listed.length}, of which ${read} can be read`];
  });
}

/** The rules of a file by their priority, as they are evaluated. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => priorityOf(a) - priorityOf(b));
}

function priorityOf({ Priority }: Entry): number {
  return typeof Priority === 'number' ? Priority : Number.MAX_SAFE_INTEGER;
}

/**
 * Where a new rule goes: behind the nearest rule before it in the file that is there, else before the nearest one after it; else behind
 * all others. Rules that are there are not moved.
 */
export function placeFor(
  name: string,
  order: readonly string[],
  present: readonly Pick<MailRuleView, 'name' | 'position'>[],
): number | undefined {
  const at = order.indexOf(name);
  const positionOf = (wanted: string) => present.find((rule) => names([rule.name], wanted))?.position;
  const before = order
    .slice(0, at)
    .map(positionOf)
    .findLast((position) => position !== undefined);
  return before === undefined
    ? order
        .slice(at + 1)
        .map(positionOf)
        .find((position) => position !== undefined)
    : before + 1;
}

/** The rule that ends the search for every message before this place, so that nothing behind it counts. */
export function ruleThatEndsAll(rules: readonly MailRuleView[], place: number): MailRuleView | undefined {
  return rules.find(
    ({ enabled, conditions, exceptions, actions, stop, position }) =>
      position < place &&
      enabled &&
      conditions.every(({ kind }) => kind === 'always') &&
      exceptions.length === 0 &&
      // One that names no template there is goes on.
      (stop ? actions.every(({ kind }) => kind !== 'applyTemplateFromHeader') : actions.some(({ kind }) => kind === 'reject')),
  );
}

/** Plans what an object of Get-TransportRule becomes. @throws {Refused} */
export async function planRule(client: Client, entry: Entry, order: readonly string[]): Promise<Plan> {
  const { rule, notTaken, notes } = readRule(entry);
  const { items } = await client.call(mailRuleRoutes.listMailRules);
  const before = items.find(({ name }) => names([name], rule.name));
  const place = before?.position ?? placeFor(rule.name, order, items);
  const last = ruleThatEndsAll(items, place ?? items.length)?.name;
  const unreached =
    last === undefined
      ? []
      : [`it is never reached: “${last}” before it ends the search for every message. Set-TransportRule -Priority moves it`];
  const { enabled, conditions, exceptions, actions, stop } = rule;
  const wanted = Object.entries({ enabled, conditions, exceptions, actions, stop });
  const now = new Map<string, unknown>(Object.entries(before ?? {}));
  const changed =
    before === undefined ? [] : wanted.filter(([part, value]) => !isDeepStrictEqual(value, now.get(part))).map(([part]) => part);
  return {
    outcome: before === undefined ? 'taken' : changed.length === 0 ? 'unchanged' : 'changed',
    changed,
    notTaken,
    notes: [...notes, ...unreached],
    faults: async () => {
      const sound = mailRuleSchema.safeParse(rule);
      if (!sound.success) return faultsOf(sound.error);
      const templates = await client.call(brandingTemplateRoutes.listBrandingTemplates);
      const groups = await client.call(senderGroupRoutes.listSenderGroups);
      const known = { templates: templates.items.map(({ name }) => name), senderGroups: groups.items.map(({ name }) => name) };
      return mailRuleFaults(rule, known).map(({ pointer, detail }) => `${pointer}: ${detail}`);
    },
    carryOut: async () => {
      if (before === undefined) {
        await client.call(mailRuleRoutes.createMailRule, { body: { ...rule, position: place } });
      } else {
        await client.call(mailRuleRoutes.changeMailRule, { params: { id: before.id }, body: Object.fromEntries(wanted) });
      }
    },
  };
}
