import { mailRuleRoutes, type MailRuleView } from '@signet/api-contract/mail-rules';
import type { MailRule } from '@signet/domain/mail-rule';
import { NotDone, UsageError } from '../failure.ts';
import { terminalWidth, write, writeJson } from '../output.ts';
import { findRule } from '../rules/find-rule.ts';
import { defineCmdlet } from './cmdlet.ts';
import { formatList, formatTable } from './power-shell-format.ts';
import type { Properties } from './power-shell-format.ts';
import { showActions } from './rule-actions.ts';
import { emptyRule, ruleParameters, rulePartsFrom } from './rule-changes.ts';
import { EXCEPTION, showCondition } from './rule-conditions.ts';
import { refusedRuleParameters } from './rule-refused.ts';

/** A condition under its parameters' names; what no transport rule has under Signet's own. */
function propertiesOfCondition(condition: MailRule['conditions'][number], prefix = ''): Properties {
  const { kind, ...about } = condition;
  const values: unknown[] = Object.values(about);
  const [first = true] = values;
  const own: Properties = [[kind.charAt(0).toUpperCase() + kind.slice(1), values.length > 1 ? values : first]];
  return (showCondition(condition) ?? own).map(([name, value]) => [`${prefix}${name}`, value]);
}

function headOf(rule: MailRuleView): Properties {
  return [
    ['Name', rule.name],
    ['State', rule.enabled ? 'Enabled' : 'Disabled'],
    ['Mode', 'Enforce'],
    ['Priority', rule.position],
  ];
}

function propertiesOf(rule: MailRuleView): Properties {
  return [
    ...headOf(rule),
    ['Identity', rule.name],
    ['Guid', rule.id],
    ['Description', rule.summary],
    ...rule.conditions.flatMap((condition) => propertiesOfCondition(condition)),
    ...rule.exceptions.flatMap((condition) => propertiesOfCondition(condition, EXCEPTION)),
    ...showActions(rule.actions),
    ['StopRuleProcessing', rule.stop],
  ];
}

const identity = { type: 'String', mandatory: true, positional: true } as const;

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
      .filter((rule) => wanted === undefined || [rule.name.toLowerCase(), rule.id].includes(wanted.toLowerCase()))
      .filter((rule) => state === undefined || rule.enabled === (state.toLowerCase() === 'enabled'));
    if (wanted !== undefined && rules.length === 0) throw new NotDone(`There is no transport rule “${wanted}”.`);
    if (json) return writeJson({ items: rules });
    if (wanted !== undefined) return write(formatList(rules.map(propertiesOf)));
    return write(formatTable(rules.map(headOf), terminalWidth()));
  },
});

export const newTransportRule = defineCmdlet({
  name: 'New-TransportRule',
  summary: 'make a mail rule, behind all others unless -Priority says where',
  changes: true,
  parameters: { Name: identity, ...ruleParameters, Enabled: { type: 'Boolean' }, Priority: { type: 'Int32' } },
  refused: refusedRuleParameters,
  async run({ Name, Enabled, Priority, ...values }, run) {
    const rule = rulePartsFrom(emptyRule, values);
    if (rule.actions.length === 0)
      throw new UsageError('New-TransportRule: say what the rule does: -ApplyRightsProtectionTemplate Encrypt.');
    if (!(await run.proceed(`Making the transport rule “${Name}”`))) return;
    const body = { ...rule, name: Name, enabled: Enabled, position: Priority };
    const made = await run.client.call(mailRuleRoutes.createMailRule, { body });
    await (run.json ? writeJson(made) : write(formatTable([headOf(made)], terminalWidth())));
  },
});

export const setTransportRule = defineCmdlet({
  name: 'Set-TransportRule',
  summary: 'change a mail rule; what is not named stays, $null takes away',
  changes: true,
  parameters: { Identity: identity, Name: { type: 'String' }, ...ruleParameters, Priority: { type: 'Int32' } },
  refused: { ...refusedRuleParameters, Enabled: 'Enable-TransportRule and Disable-TransportRule switch a rule' },
  async run({ Identity, Name: name, Priority: position, ...values }, run) {
    const given = [...Object.keys(values), ...(name === undefined ? [] : ['Name']), ...(position === undefined ? [] : ['Priority'])];
    if (given.length === 0) throw new UsageError('Set-TransportRule: say what to set. -? shows the parameters.');
    const rule = await findRule(run.client, Identity, 'transport rule');
    const parts = Object.keys(values).length === 0 ? {} : rulePartsFrom(rule, values);
    if (!(await run.proceed(`Changing ${given.join(', ')} of the transport rule “${rule.name}”`))) return;
    const body = { ...parts, name, position };
    const changed = await run.client.call(mailRuleRoutes.changeMailRule, { params: { id: rule.id }, body });
    if (run.json) await writeJson(changed);
  },
});

export const removeTransportRule = defineCmdlet({
  name: 'Remove-TransportRule',
  summary: 'remove a mail rule',
  changes: true,
  irreversible: true,
  parameters: { Identity: identity },
  refused: {},
  async run({ Identity }, run) {
    const { id, name } = await findRule(run.client, Identity, 'transport rule');
    if (!(await run.proceed(`Removing the transport rule “${name}”`))) return;
    await run.client.call(mailRuleRoutes.removeMailRule, { params: { id } });
  },
});

/** Enable- and Disable-TransportRule. */
function switching(enabled: boolean) {
  const verb = enabled ? 'Enable' : 'Disable';
  return defineCmdlet({
    name: `${verb}-TransportRule`,
    summary: `switch a mail rule ${enabled ? 'on' : 'off'}`,
    changes: true,
    parameters: { Identity: identity },
    refused: {},
    async run({ Identity }, run) {
      const { id, name } = await findRule(run.client, Identity, 'transport rule');
      if (!(await run.proceed(`Switching the transport rule “${name}” ${enabled ? 'on' : 'off'}`))) return;
      const changed = await run.client.call(mailRuleRoutes.changeMailRule, { params: { id }, body: { enabled } });
      if (run.json) await writeJson(changed);
    },
  });
}

export const enableTransportRule = switching(true);
export const disableTransportRule = switching(false);
