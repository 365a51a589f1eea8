import type { Log } from '@signet/api-contract/logs';
import { useLocale, useTranslations } from 'next-intl';
import { plainText } from '../../../../components/plain-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Code, Fact } from '../fact.tsx';
import { Section } from '../section.tsx';

const tones = { sealed: 'success', pending: 'neutral', refused: 'danger' } as const satisfies Record<Log['state'], string>;

interface LogSectionProps {
  readonly log: Log;
  /** The last checkpoint; null before the first one. */
  readonly note: string | null;
}

/** One log: what is wrong with it first, then how far it is, its keys, and its last checkpoint. */
export function LogSection({ log, note }: LogSectionProps) {
  const t = useTranslations('log');
  const locale = useLocale();
  const { stream, refusal, check } = log;
  const time = (at: string | null) => (at === null ? t('never') : t.rich('at', { time: timeTag(at, locale) }));
  return (
    <Section id={`log-${stream}`} title={t(`stream.${stream}`)}>
      {refusal === null ? null : (
        <Alert tone="danger" className="m-4 space-y-1">
          <p className="font-medium">{t('refused.title')}</p>
          <p className="break-words">{t('refused.says', { reason: plainText(refusal) })}</p>
          <p>{t('refused.next')}</p>
        </Alert>
      )}
      {check === null || check.difference === null ? null : (
        <Alert tone="danger" className="m-4 space-y-1">
          <p className="font-medium">{t('differs.title')}</p>
          <p className="break-words">
            {t('differs.text', { index: check.index === null ? 'none' : String(check.index), difference: plainText(check.difference) })}
          </p>
        </Alert>
      )}
      <dl className="divide-y divide-line text-sm">
        <Fact name={t('fact.size')}>
          <span className="mr-2">{t('count', { count: log.size })}</span>
          <Badge tone={tones[log.state]}>{t(`state.${log.state}`)}</Badge>
        </Fact>
        <Fact name={t('fact.entries')}>{t('count', { count: log.entries })}</Fact>
        <Fact name={t('fact.checkpointAt')}>{time(log.checkpointAt)}</Fact>
        <Fact name={t('fact.check')}>
          {check === null
            ? t('never')
            : t.rich(check.difference === null ? 'checked' : 'checkedBadly', { count: check.size, time: timeTag(check.at, locale) })}
        </Fact>
        <Fact name={t('fact.origin')}>
          <Code text={log.origin} copy={t('fact.copy', { what: t('fact.origin') })} />
        </Fact>
        {log.keys.length === 0 ? <Fact name={t('key.current')}>{t('key.none')}</Fact> : null}
        {log.keys.map(({ verifierKey, signsUntil }) => (
          <Fact
            key={verifierKey}
            name={signsUntil === null ? t('key.current') : t.rich('key.until', { time: timeTag(signsUntil, locale, 'short') })}
          >
            <Code text={verifierKey} copy={t('fact.copy', { what: t('key.current') })} />
          </Fact>
        ))}
        <Fact name={t('checkpoint.title')}>
          {note === null ? (
            t('checkpoint.none')
          ) : (
            <>
              <Code text={note} copy={t('fact.copy', { what: t('checkpoint.title') })} />
              <a
                href={`/admin/log/${stream}/checkpoint`}
                className={buttonClasses({ variant: 'secondary', size: 'small', className: 'mt-2' })}
              >
                {t('checkpoint.download')}
                <span className="sr-only"> {t(`stream.${stream}`)}</span>
              </a>
            </>
          )}
        </Fact>
      </dl>
    </Section>
  );
}
