import { finalActions, type MailRuleAction } from './mail-rule-action.ts';
import type { MailRuleCondition } from './mail-rule-condition.ts';
import type { MailRule } from './mail-rule.ts';

/** So many of a list are named; of a longer one, how many more there are. */
const NAMED = 3;

function list(items: readonly string[], conjunction: 'or' | 'and'): string {
  const shown = items.length > NAMED + 1 ? [...items.slice(0, NAMED), `${items.length - NAMED} more`] : [...items];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} ${conjunction} ${last}`;
}

const quoted = (texts: readonly string[]): string =>
  list(
    texts.map((text) => `“${text}”`),
    'or',
  );
const plain = (texts: readonly string[]): string => list(texts, 'or');

function sizeInWords(bytes: number): string {
  if (bytes % (1024 * 1024) === 0) return `${bytes / (1024 * 1024)} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}

/** What a condition asks, as a clause in plain words. */
export function conditionInWords(condition: MailRuleCondition): string {
  switch (condition.kind) {
    case 'always':
      return 'it is any message';
    case 'headerPresent':
      return `it has the header ${condition.header}`;
    case 'headerEquals':
      return `the header ${condition.header} is “${condition.value}”`;
    case 'headerContains':
      return `the header ${condition.header} contains ${quoted(condition.words)}`;
    case 'sender':
      return `the sender is ${plain(condition.addresses)}`;
    case 'senderDomain':
      return `the sender is at ${plain(condition.domains)}`;
    case 'senderGroup':
      return `the sender is in the group ${quoted(condition.groups)}`;
    case 'recipient':
      return `a recipient is ${plain(condition.addresses)}`;
    case 'recipientDomain':
      return `a recipient is at ${plain(condition.domains)}`;
    case 'recipientInside':
      return 'a recipient is inside the organization';
    case 'recipientOutside':
      return 'a recipient is outside the organization';
    case 'subjectContains':
      return `the subject contains ${quoted(condition.words)}`;
    case 'subjectOrBodyContains':
      return `the subject or the body contains ${quoted(condition.words)}`;
    case 'sizeAtLeast':
      return `it has at least ${sizeInWords(condition.bytes)}`;
    case 'attachmentNameEndsWith':
      return `an attachment’s name ends with ${quoted(condition.endings)}`;
    case 'attachmentNameContains':
      return `an attachment’s name contains ${quoted(condition.words)}`;
    case 'sensitivity':
      return `its sensitivity is ${quoted(condition.labels)}`;
    default:
      return condition satisfies never;
  }
}

function actionInWords(action: MailRuleAction): string {
  switch (action.kind) {
    case 'applyTemplate':
      return `encrypt it with the template “${action.templateName}”`;
    case 'applyTemplateFromHeader':
      return `encrypt it with the template that the header ${action.header} names`;
    case 'removeHeader':
      return `remove the header ${action.header}`;
    case 'forbidForwarding':
      return 'forbid forwarding';
    case 'setExpiry':
      if (action.days === 0) return 'let it expire as its template says';
      return `let it expire after ${action.days} ${action.days === 1 ? 'day' : 'days'}, or earlier where its template says so`;
    case 'reject':
      return `reject it with “${action.text}”`;
    case 'passThrough':
      return 'pass it through to everybody as it came, unencrypted';
    case 'passInside':
      return 'pass it to recipients inside the organization as it came, unencrypted';
    default:
      return action satisfies never;
  }
}

/** What a rule does, in plain words: the one text for everybody who reads rules, whichever way. */
export function mailRuleSummary(rule: Pick<MailRule, 'conditions' | 'exceptions' | 'actions' | 'stop'>): string {
  const asked = rule.conditions.filter(({ kind }) => kind !== 'always').map(conditionInWords);
  const when = asked.length === 0 ? 'For every message' : `If ${asked.join(' and ')}`;
  const unless = rule.exceptions.length === 0 ? '' : `, unless ${rule.exceptions.map(conditionInWords).join(' or ')}`;
  const does = list(rule.actions.slice(0, NAMED + 1).map(actionInWords), 'and').concat(rule.actions.length > NAMED + 1 ? ', and more' : '');
  const isFinal = rule.actions.some(({ kind }) => finalActions.includes(kind));
  return `${when}${unless}: ${does}.${isFinal ? '' : rule.stop ? ' Then stop.' : ' Then go on with the next rule.'}`;
}
