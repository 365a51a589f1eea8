import type { RuleDecision } from '@signet/api-contract/messages';
import { useTranslations } from 'next-intl';
import { plainText } from './plain-text.ts';

interface DecisionLinesProps {
  readonly decision: RuleDecision;
  /** When the message expires, in words; null where that is said elsewhere. */
  readonly expiry: string | null;
  readonly forwardingAllowed: boolean;
}

/** What rules decided about a message that is encrypted, each with the rule that had the word. */
export function DecisionLines({ decision, expiry, forwardingAllowed }: DecisionLinesProps) {
  const t = useTranslations('rules.decision');
  const { template, forwardingForbiddenBy, removedHeaders, unknownTemplates } = decision;
  return (
    <ul className="list-disc pl-5 wrap-anywhere">
      <li>
        {template.rule === null
          ? t('defaultTemplate', { template: plainText(template.name) })
          : t('template', { template: plainText(template.name), rule: plainText(template.rule) })}
      </li>
      {/* A header of the message may have named it. */}
      {unknownTemplates.map(({ name, rule }) => (
        <li key={rule}>{t('unknownTemplate', { template: plainText(name), rule: plainText(rule) })}</li>
      ))}
      {expiry === null ? null : <li>{expiry}</li>}
      <li>
        {forwardingAllowed
          ? t('forwarding')
          : forwardingForbiddenBy === null
            ? t('noForwarding')
            : t('forbidden', { rule: plainText(forwardingForbiddenBy) })}
      </li>
      {removedHeaders.length > 0 ? <li>{t('removed', { headers: removedHeaders.map(plainText).join(', ') })}</li> : null}
    </ul>
  );
}
