import { mailRuleRoutes } from '@signet/api-contract/mail-rules';
import type { MailRule } from '@signet/domain/mail-rule';
import { NotDone, UsageError } from '../failure.ts';
import { terminalWidth, write, writeJson } from '../output.ts';
import { defineCmdlet } from './cmdlet.ts';
import { formatList, formatTable } from './power-shell-format.ts';
import type { Properties } from './power-shell-format.ts';

/** Conditions that a transport rule has too: the kind, and the parameter's name. An exception is called the same after `ExceptIf`. */
const ruleConditions: Readonly<Record<string, string>> = {
  sender: 'From',
  senderDomain: 'SenderDomainIs',
  recipient: 'SentTo',
  recipientDomain: 'RecipientDomainIs',
  subjectContains: 'SubjectContainsWords',
};

/** Actions that a transport rule has too. */
const ruleActions: Readonly<Record<string, string>> = {
  applyTemplate: 'ApplyRightsProtectionCustomizationTemplate',
  removeHeader: 'RemoveHeader',
};

type Part = MailRule['conditions' | 'exceptions' | 'actions'][number];

/** A part under its parameter's name; what no transport rule has under Signet's own. */
function propertyOf({ kind, ...about }: Part, names: Readonly<Record<string, string>>, prefix = ''): readonly [string, unknown] {
  const values: unknown[] = Object.values(about);
  const [first] = values;
  const value = values.length === 0 ? true : values.length === 1 ? first : values;
  return [`${prefix}${names[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1)}`, value];
}

function headOf(rule: MailRule, priority: number): Properties {
  return [
    ['Name', rule.name],
    ['State', rule.enabled ? 'Enabled' : 'Disabled'],
    ['Mode', 'Enforce'],
    ['Priority', priority],
  ];
}

function propertiesOf(rule: MailRule & { readonly id: string }, priority: number): Properties {
  return [
    ...headOf(rule, priority),
    ['Identity', rule.name],
    ['Guid', rule.id],
    ...rule.conditions.map((part) => propertyOf(part, ruleConditions)),
    ...rule.exceptions.map((part) => propertyOf(part, ruleConditions, 'ExceptIf')),
    ...rule.actions.map((part) => propertyOf(part, ruleActions)),
    ['StopRuleProcessing', rule.stop],
  ];
}

export const getTransportRule = defineCmdlet({
  name: 'Get-TransportRule',
  summary: 'the mail rules in their order, or all about the one named',
  changes: false,
  parameters: { Identity: { type: 'String', positional: true }, State: { type: 'String' } },
  refused: {
    DlpPolicy: 'there are no data loss prevention policies',
    ExcludeConditionActionDetails: 'the table has no such details, and -Identity is asked for them',
    Filter: 'use -State, or signet rule list --json',
    ResultSize: 'an organization’s rules are always listed in full',
  },
  async run({ Identity: wanted, State: state }, { client, json }) {
    if (state !== undefined && !/^(enabled|disabled)$/i.test(state)) throw new UsageError('-State takes Enabled or Disabled.');
    const found = await client.call(mailRuleRoutes.listMailRules);
    const rules = found.items
      .map((rule, priority) => ({ rule, priority }))
      .filter(({ rule }) => wanted === undefined || [rule.name.toLowerCase(), rule.id].includes(wanted.toLowerCase()))
      .filter(({ rule }) => state === undefined || rule.enabled === (state.toLowerCase() === 'enabled'));
    if (wanted !== undefined && rules.length === 0) throw new NotDone(`There is no transport rule “${wanted}”.`);
    if (json) return writeJson({ items: rules.map(({ rule }) => rule) });
    if (wanted !== undefined) return write(formatList(rules.map(({ rule, priority }) => propertiesOf(rule, priority))));
    const heads = rules.map(({ rule, priority }) => headOf(rule, priority));
    return write(formatTable(heads, terminalWidth()));
  },
});
