import type { MailRuleExplanation } from '@signet/api-contract/mail-rules';
import { useTranslations } from 'next-intl';
import { DecisionLines } from '../../../../../components/decision-lines.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Badge } from '../../../../../components/ui/badge.tsx';
import { Card } from '../../../../../components/ui/card.tsx';

/** How what would happen is headed: a message that passes to everybody, or that is refused before the rules speak, is another thing. */
function headingOf({ outcome, decision }: MailRuleExplanation) {
  if (outcome === 'refused') return decision === null ? 'unasked' : 'refused';
  return outcome === 'accepted' && decision?.passing?.to === 'everybody' ? 'passed' : outcome;
}

const toneOf = { matched: 'success', not_matched: 'neutral', switched_off: 'neutral', not_reached: 'neutral' } as const;

/** What would happen, then each rule with every condition and what in the message made it hold. */
export function ExplanationView({ explanation }: { readonly explanation: MailRuleExplanation }) {
  const t = useTranslations('rules.explain');
  const { outcome, refusal, decision, expiresInDays, forwardingAllowed, originalOnly, rules } = explanation;
  const passing = outcome === 'accepted' && decision !== null ? decision.passing : null;
  return (
    <>
      <Alert tone={passing !== null ? 'warning' : outcome === 'accepted' ? 'success' : 'danger'} className="mt-2 space-y-1">
        <p className="font-medium">{t(`outcome.${headingOf(explanation)}`)}</p>
        {passing === null ? null : <p>{t(`passed.${passing.to}`, { rule: passing.rule })}</p>}
        {refusal === null ? null : <p>{refusal.detail}</p>}
        {outcome === 'accepted' && decision !== null && passing?.to !== 'everybody' ? (
          <DecisionLines
            decision={decision}
            expiry={expiresInDays === 0 || expiresInDays === null ? t('neverExpires') : t('expires', { days: expiresInDays })}
            forwardingAllowed={forwardingAllowed === true}
          />
        ) : null}
      </Alert>
      {originalOnly ? (
        <Alert tone="warning" className="mt-2">
          {t('originalOnly')}
        </Alert>
      ) : null}
      {rules.length === 0 ? null : (
        <Card className="mt-3 overflow-hidden">
          <ol className="divide-y divide-line">
            {rules.map((rule, index) => (
              <li key={rule.id} className="px-4 py-3 text-sm">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  {t('rule', { number: index + 1, name: rule.name })}
                  <Badge tone={toneOf[rule.outcome]}>{t(`rules.${rule.outcome}`)}</Badge>
                </p>
                <p className="break-words text-quiet">{rule.summary}</p>
                <ul className="mt-1.5 space-y-1">
                  {rule.conditions.map((look) => (
                    <Look key={look.text} look={look} />
                  ))}
                  {rule.exceptions.map((look) => (
                    <Look key={look.text} look={look} isException />
                  ))}
                </ul>
              </li>
            ))}
          </ol>
        </Card>
      )}
    </>
  );
}

type RuleLook = MailRuleExplanation['rules'][number]['conditions'][number];

function Look({ look, isException = false }: { readonly look: RuleLook; readonly isException?: boolean }) {
  const t = useTranslations('rules.explain');
  return (
    <li className="flex gap-2 break-words">
      <span className="w-16 shrink-0 text-xs leading-5 font-medium text-quiet">{t(`holds.${look.holds}`)}</span>
      <span className="min-w-0">
        {isException ? t('exception', { text: look.text }) : look.text}
        {look.found === null ? null : <span className="text-quiet"> — {t('found', { what: plainText(look.found) })}</span>}
      </span>
    </li>
  );
}
