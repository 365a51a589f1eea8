import { z } from 'zod';
import { recordText } from './audit/record-text.ts';
import { finalActions, mailRuleActionSchema, templateActions, type ActionKind } from './mail-rule-action.ts';
import { asksEnvelopeOnly, folded, mailRuleConditionSchema } from './mail-rule-condition.ts';

/** A mail rule: all conditions must hold and no exception may; then its actions count, and `stop` ends the search. */
export const mailRuleSchema = z.strictObject({
  name: recordText(200).regex(/\S/u, 'must not be empty'),
  enabled: z.boolean().default(true),
  conditions: z.array(mailRuleConditionSchema).min(1).max(50),
  exceptions: z.array(mailRuleConditionSchema).max(50).default([]),
  actions: z
    .array(mailRuleActionSchema)
    .min(1)
    .max(50)
    .refine(
      (actions) => actions.filter((action) => templateActions.includes(action.kind)).length <= 1,
      'A rule applies at most one template.',
    ),
  stop: z.boolean().default(true),
});

export type MailRule = z.infer<typeof mailRuleSchema>;

/** Whether a rule asks nothing about the content, so that it speaks while the message still arrives. */
export function knowsEarly({ conditions, exceptions }: Pick<MailRule, 'conditions' | 'exceptions'>): boolean {
  return [...conditions, ...exceptions].every(asksEnvelopeOnly);
}

/** One thing that is wrong with a rule, and where in it (RFC 6901). */
export interface RuleFault {
  readonly pointer: string;
  readonly detail: string;
}

/** What a rule may name. */
export interface KnownNames {
  readonly templates: readonly string[];
  readonly senderGroups: readonly string[];
}

/** What stands against taking a rule that has the right form; none in one that does what it says. */
export function mailRuleFaults(rule: MailRule, known: KnownNames): RuleFault[] {
  return [...actionFaults(rule, known), ...groupFaults(rule, known)];
}

const once: readonly ActionKind[] = ['forbidForwarding', 'setExpiry', 'passInside'];

function actionFaults(rule: MailRule, known: KnownNames): RuleFault[] {
  const kinds = rule.actions.map(({ kind }) => kind);
  return rule.actions.flatMap((action, index) => {
    const pointer = `/actions/${index}`;
    if (action.kind === 'applyTemplate' && !names(known.templates, action.templateName))
      return [{ pointer: `${pointer}/templateName`, detail: 'there is no template of this name' }];
    if (finalActions.includes(action.kind) && kinds.length > 1)
      return [{ pointer, detail: 'a rule that rejects, or passes messages through, does nothing else: remove the other actions' }];
    if (action.kind === 'removeHeader' && !knowsEarly(rule))
      return [{ pointer, detail: 'a header is removed while the message arrives: the rule cannot ask about body, attachments or size' }];
    if (once.includes(action.kind) && kinds.indexOf(action.kind) < index) return [{ pointer, detail: 'is there already' }];
    return [];
  });
}

function groupFaults(rule: MailRule, known: KnownNames): RuleFault[] {
  return (['conditions', 'exceptions'] as const).flatMap((list) =>
    rule[list].flatMap((condition, at) =>
      condition.kind !== 'senderGroup'
        ? []
        : condition.groups.flatMap((group, index) =>
            names(known.senderGroups, group)
              ? []
              : [{ pointer: `/${list}/${at}/groups/${index}`, detail: 'there is no sender group of this name' }],
          ),
    ),
  );
}

/** Whether a list has a name, in whatever case. */
export function names(list: readonly string[], wanted: string): boolean {
  return list.some((name) => folded(name) === folded(wanted));
}

/** Whether a rule asks about a sender group. */
export function namesSenderGroup(rule: MailRule, group: string): boolean {
  return [...rule.conditions, ...rule.exceptions].some((condition) => condition.kind === 'senderGroup' && names(condition.groups, group));
}

/** The rules that apply a template by its name, switched off ones included: switched on again they would want it. */
export function rulesUsing<R extends Pick<MailRule, 'actions'>>(rules: readonly R[], name: string): R[] {
  const wanted = name.trim().toLowerCase();
  return rules.filter(({ actions }) =>
    actions.some((action) => 'templateName' in action && action.templateName.trim().toLowerCase() === wanted),
  );
}
