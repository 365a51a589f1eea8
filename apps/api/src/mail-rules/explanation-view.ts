import type { MailRuleExplanation } from '@signet/api-contract/mail-rules';
import type { StoredMailRule } from '@signet/db/mail-rule';
import { expiryInDays, type RuleTrace } from '@signet/domain/mail-decision';
import type { MailRuleCondition, Look } from '@signet/domain/mail-rule-condition';
import { conditionInWords, mailRuleSummary } from '@signet/domain/mail-rule-summary';
import type { Explanation } from '@signet/intake/submit-message';
import type { ProblemError } from '../http/problem-error.ts';
import { decisionView } from '../messages/message-view.ts';

/** So much is shown of what made a condition hold: enough to recognise it. */
const FOUND_LENGTH = 200;

/** A message that is refused before any rule is asked. */
export function refusedView(problem: ProblemError): MailRuleExplanation {
  return {
    outcome: 'refused',
    refusal: refusalOf(problem),
    decision: null,
    expiresInDays: null,
    forwardingAllowed: null,
    originalOnly: false,
    rules: [],
  };
}

/** @param rules that were asked, in their order. @param problem what the sender would read, where the message is not taken. */
export function explanationView(
  { outcome: decided, decision, template, traces, originalOnly }: Explanation,
  rules: readonly Omit<StoredMailRule, 'position'>[],
  problem: ProblemError | null,
): MailRuleExplanation {
  const outcome = decided === 'accepted' && problem ? 'refused' : decided;
  const isAccepted = outcome === 'accepted';
  return {
    outcome,
    refusal: problem && refusalOf(problem),
    decision: decisionView(decision),
    expiresInDays: isAccepted ? expiryInDays(template.externalMailExpiryInDays, decision.expiry) : null,
    forwardingAllowed: isAccepted ? template.forwardingAllowed && decision.forwardingForbiddenBy === null : null,
    originalOnly: originalOnly !== null,
    rules: rules.flatMap((rule, index) => (traces[index] ? [ruleView(rule, traces[index])] : [])),
  };
}

function ruleView(rule: Omit<StoredMailRule, 'position'>, trace: RuleTrace): MailRuleExplanation['rules'][number] {
  const { id, name, conditions, exceptions } = rule;
  return {
    id,
    name,
    summary: mailRuleSummary(rule),
    outcome: trace.outcome,
    conditions: looksView(conditions, trace.conditions),
    exceptions: looksView(exceptions, trace.exceptions),
  };
}

function looksView(conditions: readonly MailRuleCondition[], looks: readonly Look[]) {
  return conditions.map((condition, index) => ({
    text: conditionInWords(condition),
    holds: looks[index]?.holds ?? 'unknown',
    found: looks[index]?.found?.slice(0, FOUND_LENGTH) ?? null,
  }));
}

function refusalOf(problem: ProblemError) {
  return { code: problem.code, detail: problem.message };
}
