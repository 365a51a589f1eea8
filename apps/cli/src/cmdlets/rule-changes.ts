import type { MailRule } from '@signet/domain/mail-rule';
import { UsageError } from '../failure.ts';
import type { Parameters } from './cmdlet.ts';
import { actionParameters, actionsFrom } from './rule-actions.ts';
import { EXCEPTION, conditionParameters, conditionsFrom } from './rule-conditions.ts';
import type { RuleValues } from './rule-conditions.ts';

/** The part of a rule that says when it counts and what it does. */
export type RuleParts = Pick<MailRule, 'conditions' | 'exceptions' | 'actions' | 'stop'>;

/** The parameters that New- and Set-TransportRule share. */
export const ruleParameters: Parameters = {
  ...conditionParameters,
  ...actionParameters,
  StopRuleProcessing: { type: 'Boolean' },
  Mode: { type: 'String' },
  SenderAddressLocation: { type: 'String' },
};

/** Settings that have one value here, and why. */
const fixed: Readonly<Record<string, { readonly value: string; readonly reason: string }>> = {
  Mode: {
    value: 'Enforce',
    reason: 'a rule is in force or switched off; the page of mail rules explains what one would do with a message',
  },
  SenderAddressLocation: { value: 'Envelope', reason: 'the sender is the one of the envelope, who signed in; the header is content' },
};

/** A rule as it is without any parameters: Exchange goes on with the next rule unless it is told to stop. */
export const emptyRule: RuleParts = { conditions: [], exceptions: [], actions: [], stop: false };

/**
 * A rule with what was given in the place of what it had.
 * @throws {UsageError} naming the parameter that Signet's rules cannot say
 */
export function rulePartsFrom(before: RuleParts, values: RuleValues): RuleParts {
  for (const [name, { value, reason }] of Object.entries(fixed)) {
    const given = values[name];
    if (given !== undefined && String(given).toLowerCase() !== value.toLowerCase())
      throw new UsageError(`-${name} takes ${value}: ${reason}.`);
  }
  const conditions = conditionsFrom(before.conditions, values);
  const asking = conditions.filter(({ kind }) => kind !== 'always');
  return {
    conditions: asking.length === 0 ? [{ kind: 'always' }] : asking,
    exceptions: conditionsFrom(before.exceptions, values, EXCEPTION),
    actions: actionsFrom(before.actions, values),
    stop: typeof values['StopRuleProcessing'] === 'boolean' ? values['StopRuleProcessing'] : before.stop,
  };
}
