import { z } from 'zod';
import type { EnvelopeFacts, MailFacts } from './mail-facts.ts';
import { finalActions, type MailRuleAction } from './mail-rule-action.ts';
import { asksEnvelopeOnly, folded, headerValue, lookAt, lookAtEnvelope, type Look } from './mail-rule-condition.ts';
import { knowsEarly, type MailRule } from './mail-rule.ts';

/** The branding templates that a decision may name. */
export interface KnownTemplates {
  readonly names: readonly string[];
  readonly defaultName: string;
}

/** What the rules decided, and enough to explain it, as it is kept beside the message. Rules are named as they were called then. */
export const mailDecision = z.object({
  /** Name of the template as the organization wrote it. */
  templateName: z.string(),
  /** Name of the rule that chose the template; null when none did and the organization's default counts. */
  ruleName: z.string().nullable(),
  /** Lower-case names of header fields that neither storage nor recipients may see. */
  removeHeaders: z.array(z.string()).readonly(),
  /** Names of all rules whose conditions held, in order. */
  matchedRules: z.array(z.string()).readonly(),
  /** Rules that named a template which does not exist: the search then went on with the next rule. */
  unknownTemplates: z.array(z.object({ ruleName: z.string(), templateName: z.string() })).readonly(),
  /** Name of the rule that forbids forwarding; null when none does. */
  forwardingForbiddenBy: z.string().nullable().default(null),
  /** The expiry that a rule set, and which; null when none did. */
  expiry: z.object({ days: z.int(), ruleName: z.string() }).nullable().default(null),
  /** Who gets the message as it came, unencrypted, and by which rule; null where nobody does. */
  passing: z
    .object({ to: z.enum(['everybody', 'inside']), ruleName: z.string() })
    .nullable()
    .default(null),
  /** Why the message is not taken; null for every one that is. */
  rejection: z.object({ ruleName: z.string(), text: z.string() }).nullable().default(null),
});
export type MailDecision = z.infer<typeof mailDecision>;

/** How a rule was found: every condition and exception, and what follows. */
interface Judgement {
  readonly conditions: readonly Look[];
  readonly exceptions: readonly Look[];
  readonly matches: boolean;
  /** It matches whatever the content is that could not be read. */
  readonly isCertain: boolean;
}

/**
 * Whether a rule counts for a message. Content that could not be read is decided for protection: a condition about it holds and an
 * exception about it does not, so that what nobody could look into is treated as what the rule is for. For what lets a message pass
 * unencrypted it is the other way round: that counts only where nothing is in doubt.
 */
function judge(rule: MailRule, facts: MailFacts): Judgement {
  const conditions = rule.conditions.map((condition) => lookAt(condition, facts));
  const exceptions = rule.exceptions.map((exception) => lookAt(exception, facts));
  const isCertain = conditions.every(({ holds }) => holds === 'yes') && exceptions.every(({ holds }) => holds === 'no');
  const isPossible = conditions.every(({ holds }) => holds !== 'no') && !exceptions.some(({ holds }) => holds === 'yes');
  const passes = rule.actions.some(({ kind }) => kind === 'passThrough');
  return { conditions, exceptions, matches: passes ? isCertain : isPossible, isCertain };
}

function matchesEarly(rule: MailRule, facts: EnvelopeFacts): boolean {
  const holds = (condition: MailRule['conditions'][number]) =>
    asksEnvelopeOnly(condition) && lookAtEnvelope(condition, facts).holds === 'yes';
  return knowsEarly(rule) && rule.conditions.every(holds) && !rule.exceptions.some(holds);
}

function namedTemplate(actions: readonly MailRuleAction[], facts: EnvelopeFacts): string | null {
  for (const action of actions) {
    if (action.kind === 'applyTemplate') return action.templateName;
    if (action.kind === 'applyTemplateFromHeader') return headerValue(facts, action.header) ?? '';
  }
  return null;
}

/** The template that a rule chooses: null where it names none, undefined where it names one that does not exist. */
function templateOf(rule: MailRule, facts: EnvelopeFacts, templates: KnownTemplates): string | null | undefined {
  const wanted = namedTemplate(rule.actions, facts);
  return wanted === null ? null : templates.names.find((name) => folded(name) === folded(wanted));
}

function ends(rule: MailRule, facts: EnvelopeFacts, templates: KnownTemplates): boolean {
  if (rule.actions.some(({ kind }) => finalActions.includes(kind))) return true;
  return rule.stop && templateOf(rule, facts, templates) !== undefined;
}

/**
 * Names, in lower case, of the header fields that rules remove. They go while the message arrives, before its content is known, so the
 * rules that ask about content are passed over here: they remove nothing, and do not end this search either.
 */
export function removedHeaders(rules: readonly MailRule[], facts: EnvelopeFacts, templates: KnownTemplates): string[] {
  const removed = new Set<string>();
  for (const rule of rules) {
    if (!rule.enabled || !matchesEarly(rule, facts)) continue;
    for (const action of rule.actions) if (action.kind === 'removeHeader') removed.add(folded(action.header));
    if (ends(rule, facts, templates)) break;
  }
  return [...removed];
}

/**
 * Evaluates the rules in their order. The first rule that holds and names an existing template chooses it; a later one that also holds
 * (the first had `stop: false`) chooses again, so the last word counts, for the template as for the expiry. What forbids forwarding
 * stays, and so does what lets recipients inside have it as it came. A rule that names an unknown template chooses none and does not stop the search, but the rest of it counts: a field that
 * steers Signet is never content. Nothing chosen: the organization's default template.
 */
export function evaluateMailRules(rules: readonly MailRule[], facts: MailFacts, templates: KnownTemplates): MailDecision {
  return walk(rules, facts, templates).decision;
}

function walk(rules: readonly MailRule[], facts: MailFacts, templates: KnownTemplates): { decision: MailDecision; reached: number } {
  const matchedRules: string[] = [];
  const unknownTemplates: { ruleName: string; templateName: string }[] = [];
  let chosen: { templateName: string; ruleName: string } | null = null;
  let forwardingForbiddenBy: string | null = null;
  let expiry: MailDecision['expiry'] = null;
  let passing: MailDecision['passing'] = null;
  let rejection: MailDecision['rejection'] = null;
  let reached = 0;
  for (const rule of rules) {
    reached += 1;
    if (!rule.enabled) continue;
    const { matches, isCertain } = judge(rule, facts);
    if (!matches) continue;
    const ruleName = rule.name;
    matchedRules.push(ruleName);
    for (const action of rule.actions) {
      if (action.kind === 'reject') rejection = { ruleName, text: action.text };
      if (action.kind === 'passThrough') passing = { to: 'everybody', ruleName };
      if (action.kind === 'passInside' && isCertain) passing ??= { to: 'inside', ruleName };
      if (action.kind === 'forbidForwarding') forwardingForbiddenBy ??= ruleName;
      if (action.kind === 'setExpiry') expiry = { days: action.days, ruleName };
    }
    const templateName = templateOf(rule, facts, templates);
    if (templateName === undefined) unknownTemplates.push({ ruleName, templateName: namedTemplate(rule.actions, facts) ?? '' });
    else if (templateName !== null) chosen = { templateName, ruleName };
    if (ends(rule, facts, templates)) break;
  }
  const decision = {
    templateName: chosen?.templateName ?? templates.defaultName,
    ruleName: chosen?.ruleName ?? null,
    removeHeaders: removedHeaders(rules, facts, templates),
    matchedRules,
    unknownTemplates,
    forwardingForbiddenBy,
    expiry,
    passing,
    rejection,
  };
  return { decision, reached };
}

/** What became of a rule: it counted, it did not fit, it is switched off, or the search had ended before it. */
export const ruleOutcomes = ['matched', 'not_matched', 'switched_off', 'not_reached'] as const;

/** How one rule met a message: its outcome, and each condition and exception, in the rule's order. */
export interface RuleTrace extends Omit<Judgement, 'matches' | 'isCertain'> {
  readonly outcome: (typeof ruleOutcomes)[number];
}

/** The same decision as `evaluateMailRules`, and how it came about, rule by rule; rules that were not reached are looked at as well. */
export function explainMailRules(
  rules: readonly MailRule[],
  facts: MailFacts,
  templates: KnownTemplates,
): { decision: MailDecision; traces: RuleTrace[] } {
  const { decision, reached } = walk(rules, facts, templates);
  const traces = rules.map((rule, index): RuleTrace => {
    const { matches, isCertain: _, ...looks } = judge(rule, facts);
    if (!rule.enabled) return { ...looks, outcome: 'switched_off' };
    if (index >= reached) return { ...looks, outcome: 'not_reached' };
    return { ...looks, outcome: matches ? 'matched' : 'not_matched' };
  });
  return { decision, traces };
}

/** Days after which a message expires, its rules' word and its template's taken together: the earlier of the two; 0 never. */
export function expiryInDays(templateDays: number, expiry: MailDecision['expiry']): number {
  const days = [templateDays, expiry?.days ?? 0].filter((count) => count > 0);
  return days.length === 0 ? 0 : Math.min(...days);
}
