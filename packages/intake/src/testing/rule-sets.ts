import { finalActions, type MailRuleAction } from '@signet/domain/mail-rule-action';
import type { MailRuleCondition } from '@signet/domain/mail-rule-condition';
import { knowsEarly, type MailRule } from '@signet/domain/mail-rule';

/** One condition of every kind, each of which some messages of the corpus fit and others do not; `always` fits all. */
export const corpusConditions: readonly MailRuleCondition[] = [
  { kind: 'always' },
  { kind: 'headerPresent', header: 'x-MAILER' },
  { kind: 'headerEquals', header: 'X-Priority', value: '3' },
  { kind: 'headerContains', header: 'received', words: ['nowhere.example', 'GMAIL.com'] },
  { kind: 'sender', addresses: ['ANN@acme.example'] },
  { kind: 'senderDomain', domains: ['Acme.Example'] },
  { kind: 'senderGroup', groups: ['odd ONES'] },
  { kind: 'recipient', addresses: ['eve@example.org', 'nobody@example.org'] },
  { kind: 'recipientDomain', domains: ['EXAMPLE.net'] },
  { kind: 'recipientInside' },
  { kind: 'recipientOutside' },
  { kind: 'subjectContains', words: ['nothing of the kind', 'TESTING'] },
  { kind: 'subjectOrBodyContains', words: ['nothing of the kind', 'UNSUBSCRIBE'] },
  { kind: 'sizeAtLeast', bytes: 10_240 },
  { kind: 'attachmentNameEndsWith', endings: ['.PDF', '.p7s'] },
  { kind: 'attachmentNameContains', words: ['image', 'TEST'] },
  { kind: 'sensitivity', labels: ['confidential'] },
];

const actions: readonly MailRuleAction[] = [
  { kind: 'applyTemplate', templateName: 'acme legal' },
  { kind: 'forbidForwarding' },
  { kind: 'setExpiry', days: 10 },
  { kind: 'passInside' },
  { kind: 'passThrough' },
  { kind: 'reject', text: 'Not like this' },
  { kind: 'applyTemplateFromHeader', header: 'X-Mailer' },
  { kind: 'removeHeader', header: 'X-Mailer' },
  { kind: 'setExpiry', days: 0 },
  { kind: 'applyTemplate', templateName: 'Acme' },
  { kind: 'setExpiry', days: 90 },
];

function at<T>(list: readonly T[], place: number): T {
  const item = list[place % list.length];
  if (item === undefined) throw new Error('The list is empty');
  return item;
}

function ruleAt(set: number, place: number): MailRule {
  const seed = set * 7 + place * 5;
  const condition = at(corpusConditions, seed + 1);
  const second = at(corpusConditions, seed * 3);
  const action = at(actions, seed);
  const other = at(actions, seed + 5);
  const rule: MailRule = {
    name: `Rule ${place + 1} of set ${set + 1}`,
    enabled: seed % 11 !== 0,
    conditions: seed % 3 === 0 ? [condition, second] : [condition],
    exceptions: seed % 4 === 1 ? [at(corpusConditions.slice(1), seed + 6)] : [],
    actions: [action, other].some(({ kind }) => finalActions.includes(kind)) || other.kind === action.kind ? [action] : [action, other],
    stop: seed % 2 === 0,
  };
  const templates = rule.actions.filter(({ kind }) => kind.startsWith('applyTemplate'));
  const kept = templates.length > 1 ? rule.actions.slice(0, 1) : rule.actions;
  return {
    ...rule,
    actions: knowsEarly(rule) || !kept.some(({ kind }) => kind === 'removeHeader') ? kept : [{ kind: 'forbidForwarding' }],
  };
}

/** Twenty sets of six rules each, in which every kind of condition and action occurs, as condition and as exception, in every place. */
export const ruleSets: readonly (readonly MailRule[])[] = Array.from({ length: 20 }, (_, set) =>
  Array.from({ length: 6 }, (_rule, place) => ruleAt(set, place)),
);
