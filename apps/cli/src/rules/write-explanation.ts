import type { MailRuleExplanation } from '@signet/api-contract/mail-rules';
import type { RuleDecision } from '@signet/api-contract/messages';
import { numberOf, write, writeFields } from '../output.ts';
import { listFields } from '../table.ts';

const outcomes = {
  matched: 'counts',
  not_matched: 'does not fit',
  switched_off: 'is switched off',
  not_reached: 'is not reached',
} as const satisfies Record<MailRuleExplanation['rules'][number]['outcome'], string>;

type Field = readonly [string, unknown];

/** Writes what would become of a message: first what is decided, then what each rule says to it. */
export async function writeExplanation(explanation: MailRuleExplanation): Promise<void> {
  const { outcome, refusal, decision, expiresInDays, forwardingAllowed, originalOnly, rules } = explanation;
  await writeFields([
    ['Outcome', refusal === null ? outcome : `${outcome}: ${refusal.detail} (${refusal.code})`],
    ...(outcome === 'accepted' && decision !== null ? decisionFields(decision) : []),
    ...(expiresInDays === null ? [] : ([['Expires', expiryInWords(expiresInDays)]] satisfies Field[])),
    ...(forwardingAllowed === null ? [] : ([['Forwarding', forwardingAllowed ? 'allowed' : 'forbidden']] satisfies Field[])),
    ...(originalOnly ? ([['Content', 'cannot be read: conditions about it hold, exceptions do not']] satisfies Field[]) : []),
  ]);
  for (const [index, rule] of rules.entries()) {
    await write('\n');
    const looks = [
      ...rule.conditions.map((look): Field => [`  ${look.holds}`, lookInWords('if', look)]),
      ...rule.exceptions.map((look): Field => [`  ${look.holds}`, lookInWords('unless', look)]),
    ];
    await writeFields([[`${index + 1}. ${rule.name}`, outcomes[rule.outcome]]]);
    await write(listFields([['  does', rule.summary], ...looks]));
  }
}

function lookInWords(word: string, { text, found }: MailRuleExplanation['rules'][number]['conditions'][number]): string {
  return `${word} ${text}${found === null ? '' : ` (found: ${found})`}`;
}

function expiryInWords(days: number): string {
  return days === 0 ? 'never' : `${numberOf(days, 'day', 'days')} after acceptance`;
}

function by(rule: string): string {
  return `by the rule “${rule}”`;
}

/** What rules decided, by which rule. */
export function decisionFields(decision: RuleDecision): Field[] {
  const { template, expiry, forwardingForbiddenBy, passing, removedHeaders, matchedRules, unknownTemplates } = decision;
  return [
    ['Template', `${template.name} ${template.rule === null ? '(no rule chose one)' : by(template.rule)}`],
    ['Expiry set', expiry && `${numberOf(expiry.days, 'day', 'days')} ${by(expiry.rule)}`],
    ['Forwarding forbidden', forwardingForbiddenBy && by(forwardingForbiddenBy)],
    ['Passes unencrypted', passing && `to ${passing.to === 'inside' ? 'recipients inside' : 'everybody'} ${by(passing.rule)}`],
    ['Removed headers', removedHeaders],
    ['Rules that counted', matchedRules],
    ...unknownTemplates.map(({ name, rule }): Field => ['Unknown template', `“${name}”, named ${by(rule)}`]),
  ];
}
