import type { Message, RuleDecision } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classNames } from '../../../../../components/class-names.ts';
import { DecisionLines } from '../../../../../components/decision-lines.tsx';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { sizeText } from '../../../../../components/size-text.ts';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { timeTag } from '../../../../../components/time-tag.tsx';
import { CopyText } from '../../../../../components/copy-text.tsx';
import { TrackingWords } from '../../../../../components/message/tracking-words.tsx';

/** What is known of a message itself. */
export function MessageFacts({ message }: { readonly message: Message }) {
  const t = useTranslations('admin.message');
  const locale = useLocale();
  const { revokedAt, revokedBy, reason } = message;
  return (
    <>
      {message.revoked && revokedAt !== null ? (
        <Alert tone="danger" className="mt-4">
          {t.rich('revoked', { by: revokedBy ?? t('somebody'), time: timeTag(revokedAt, locale) })}
          {reason === null || reason === '' ? null : (
            <span className="block break-words">{t('reason', { reason: plainText(reason) })}</span>
          )}
        </Alert>
      ) : null}
      <Card className="mt-4 px-4 py-1">
        <dl className="grid text-sm sm:grid-cols-2 sm:gap-x-8">
          <Fact name={t('sender')}>{plainText(message.sender)}</Fact>
          <Fact name={t('messageId')}>
            <span className="flex items-center gap-1">
              <code className="min-w-0 font-mono text-xs break-all">{plainText(message.messageId)}</code>
              <CopyText text={message.messageId} label={t('copy')} doneLabel={t('copied')} />
            </span>
          </Fact>
          <Fact name={t('accepted')}>
            <LocalTime at={message.acceptedAt} locale={locale} timeStyle="medium" />
          </Fact>
          <Fact name={t('expires')}>
            {message.expiresAt === null ? t('never') : <LocalTime at={message.expiresAt} locale={locale} timeStyle="medium" />}
          </Fact>
          <Fact name={t('template')}>{message.template ?? t('noTemplate')}</Fact>
          <Fact name={t('size')}>
            <span title={t('bytes', { count: message.size })}>{sizeText(message.size, locale)}</span>
          </Fact>
          <Fact name={t('tracking')} wide>
            <TrackingWords tracking={message.tracking} />
          </Fact>
          {message.decision === null ? null : (
            <Fact name={t('decision.title')} wide>
              <Decision decision={message.decision} forwardingAllowed={message.forwardingAllowed} />
            </Fact>
          )}
        </dl>
      </Card>
    </>
  );
}

interface DecisionProps {
  readonly decision: RuleDecision;
  readonly forwardingAllowed: boolean;
}

/** What the mail rules decided when the message was accepted, under the names that they had then. */
function Decision({ decision, forwardingAllowed }: DecisionProps) {
  const t = useTranslations('admin.message.decision');
  const { matchedRules, passing, expiry } = decision;
  return (
    <>
      <p className="wrap-anywhere">
        {matchedRules.length === 0
          ? t('none')
          : t('matched', { count: matchedRules.length, rules: matchedRules.map((rule) => `“${plainText(rule)}”`).join(', ') })}
      </p>
      {passing === null ? null : <p className="wrap-anywhere">{t(passing.to, { rule: plainText(passing.rule) })}</p>}
      {passing?.to === 'everybody' ? null : (
        <DecisionLines
          decision={decision}
          expiry={expiry && t('expiry', { ...expiry, rule: plainText(expiry.rule) })}
          forwardingAllowed={forwardingAllowed}
        />
      )}
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, wide = false, children }: FactProps) {
  return (
    <div
      className={classNames(
        'grid items-baseline gap-x-3 py-2',
        // Sentences have a phone's whole width.
        wide ? 'sm:col-span-2 sm:grid-cols-[7rem_minmax(0,1fr)]' : 'grid-cols-[7rem_minmax(0,1fr)]',
      )}
    >
      <dt className="text-quiet">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
