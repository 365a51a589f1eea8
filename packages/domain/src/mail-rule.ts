import { z } from 'zod';

const headerName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[!-9;-~]+$/, 'A header name has no blanks, colons or control characters.');
const text = z.string().min(1).max(998);
const texts = z.array(text).min(1).max(500);

/**
 * One condition of a mail rule. Texts compare without regard to case. A condition on recipients holds when at least one envelope
 * recipient fits. `always` holds for every message. New kinds are added to this union; a kind's meaning never changes.
 */
const mailRuleConditionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({ kind: z.literal('headerPresent'), header: headerName }),
  z.strictObject({ kind: z.literal('headerEquals'), header: headerName, value: text }),
  z.strictObject({ kind: z.literal('sender'), addresses: texts }),
  z.strictObject({ kind: z.literal('senderDomain'), domains: texts }),
  z.strictObject({ kind: z.literal('recipient'), addresses: texts }),
  z.strictObject({ kind: z.literal('recipientDomain'), domains: texts }),
  z.strictObject({ kind: z.literal('subjectContains'), words: texts }),
]);

/**
 * One action of a mail rule. `applyTemplateFromHeader` takes the template's name from the named header field. `removeHeader` takes the
 * field out of what is stored and shown. New kinds (passing through, rejecting, expiry, forbidding to forward) join this union.
 */
const mailRuleActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('applyTemplate'), templateName: text }),
  z.strictObject({ kind: z.literal('applyTemplateFromHeader'), header: headerName }),
  z.strictObject({ kind: z.literal('removeHeader'), header: headerName }),
]);

const templateActions = ['applyTemplate', 'applyTemplateFromHeader'];

/** A mail rule: all conditions must hold and no exception may; then its actions count, and `stop` ends the search. */
export const mailRuleSchema = z.strictObject({
  name: z.string().min(1).max(200),
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

type MailRuleCondition = z.infer<typeof mailRuleConditionSchema>;
type MailRuleAction = z.infer<typeof mailRuleActionSchema>;
export type MailRule = z.infer<typeof mailRuleSchema>;

/** What rules may look at: the envelope, the decoded subject, and the header fields with decoded, unfolded values in their order. */
export interface MailFacts {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly subject: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The branding templates that a decision may name. */
export interface KnownTemplates {
  readonly names: readonly string[];
  readonly defaultName: string;
}

/** What the rules decided, and enough to explain it. */
export interface MailDecision {
  /** Name of the template as the organization wrote it. */
  readonly templateName: string;
  /** Name of the rule that chose the template; null when none did and the organization's default counts. */
  readonly ruleName: string | null;
  /** Lower-case names of header fields that neither storage nor recipients may see. */
  readonly removeHeaders: readonly string[];
  /** Names of all rules whose conditions held, in order. */
  readonly matchedRules: readonly string[];
  /** Rules that named a template which does not exist: the search then went on with the next rule. */
  readonly unknownTemplates: readonly { readonly ruleName: string; readonly templateName: string }[];
}

const folded = (value: string): string => value.trim().toLowerCase();
const domainOf = (address: string): string => folded(address.slice(address.lastIndexOf('@') + 1));

function headerValue(facts: MailFacts, header: string): string | undefined {
  const wanted = folded(header);
  return facts.headers.find((field) => folded(field.name) === wanted)?.value.trim();
}

function includesFolded(list: readonly string[], value: string): boolean {
  return list.some((entry) => folded(entry) === value);
}

function holds(condition: MailRuleCondition, facts: MailFacts): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'headerPresent':
      return headerValue(facts, condition.header) !== undefined;
    case 'headerEquals': {
      const value = headerValue(facts, condition.header);
      return value !== undefined && folded(value) === folded(condition.value);
    }
    case 'sender':
      return includesFolded(condition.addresses, folded(facts.sender));
    case 'senderDomain':
      return includesFolded(condition.domains, domainOf(facts.sender));
    case 'recipient':
      return facts.recipients.some((recipient) => includesFolded(condition.addresses, folded(recipient)));
    case 'recipientDomain':
      return facts.recipients.some((recipient) => includesFolded(condition.domains, domainOf(recipient)));
    case 'subjectContains':
      return condition.words.some((word) => folded(facts.subject ?? '').includes(folded(word)));
    default:
      return condition satisfies never;
  }
}

function namedTemplate(actions: readonly MailRuleAction[], facts: MailFacts): string | null {
  for (const action of actions) {
    if (action.kind === 'applyTemplate') return action.templateName;
    if (action.kind === 'applyTemplateFromHeader') return headerValue(facts, action.header) ?? '';
  }
  return null;
}

/**
 * Evaluates the rules in their order. The first rule that holds and names an existing template chooses it; a later one that also holds
 * (the first had `stop: false`) chooses again, so the last word counts. A rule that names an unknown template chooses nothing and does
 * not stop the search, but its `removeHeader` actions count: a field that steers Signet is never content. Nothing chosen: the
 * organization's default template.
 */
export function evaluateMailRules(rules: readonly MailRule[], facts: MailFacts, templates: KnownTemplates): MailDecision {
  const removeHeaders = new Set<string>();
  const matchedRules: string[] = [];
  const unknownTemplates: { ruleName: string; templateName: string }[] = [];
  let chosen: { templateName: string; ruleName: string } | null = null;
  for (const rule of rules) {
    if (!rule.enabled) continue;
    if (!rule.conditions.every((condition) => holds(condition, facts))) continue;
    if (rule.exceptions.some((exception) => holds(exception, facts))) continue;
    matchedRules.push(rule.name);
    for (const action of rule.actions) if (action.kind === 'removeHeader') removeHeaders.add(folded(action.header));
    const wanted = namedTemplate(rule.actions, facts);
    if (wanted !== null) {
      const templateName = templates.names.find((name) => folded(name) === folded(wanted));
      if (templateName === undefined) {
        unknownTemplates.push({ ruleName: rule.name, templateName: wanted });
        continue;
      }
      chosen = { templateName, ruleName: rule.name };
    }
    if (rule.stop) break;
  }
  return {
    templateName: chosen?.templateName ?? templates.defaultName,
    ruleName: chosen?.ruleName ?? null,
    removeHeaders: [...removeHeaders],
    matchedRules,
    unknownTemplates,
  };
}
