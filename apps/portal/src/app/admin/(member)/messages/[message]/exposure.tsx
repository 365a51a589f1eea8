import type { ExposureReport } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { timeTag } from '../../../../../components/time-tag.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { sizeText } from '../../../../../components/size-text.ts';
import { ReportLink } from '../../../../../components/message/report-link.tsx';
import { messagePath } from '../../page-address.ts';
import { Section } from '../../section.tsx';
import { GapWords } from '../../../../../components/message/tracking-words.tsx';

type Observation = ExposureReport['recipients'][number]['before'][number];

/** Who had seen what when a revocation took effect, and who tried later. */
export function Exposure({ report, message }: { readonly report: ExposureReport; readonly message: string }) {
  const t = useTranslations('admin.exposure');
  const locale = useLocale();
  const { removed } = report;
  const concerned = report.recipients.filter(({ revokedAt }) => revokedAt !== null);
  return (
    <Section id="exposure" title={t('title')} note={t(`basis.${report.basis}`)}>
      {report.gaps.map((gap) => (
        <p key={gap.from} className="border-l-4 border-warning/50 bg-warning-wash px-4 py-2.5 text-sm text-warning">
          <GapWords gap={gap} />
        </p>
      ))}
      {removed === null ? null : (
        <p className="border-l-4 border-warning/50 bg-warning-wash px-4 py-2.5 text-sm text-warning">
          {t.rich('removed', { count: removed.steps, from: timeTag(removed.from, locale), to: timeTag(removed.to, locale) })}
        </p>
      )}
      <ul className="divide-y divide-line">
        {concerned.map((recipient) => (
          <li key={recipient.address} className="px-4 py-3 text-sm">
            <p className="font-medium break-words">{recipient.address}</p>
            <div className="mt-1 grid gap-x-6 gap-y-2 sm:grid-cols-2">
              <Observations title={t('before')} none={t(`noneBefore.${report.basis}`)} observations={recipient.before} />
              <Observations title={t('after')} none={t(`noneAfter.${report.basis}`)} observations={recipient.after} />
            </div>
          </li>
        ))}
      </ul>
      <p className="border-t border-line px-4 py-3">
        <ReportLink path={`${messagePath(message)}/exposure`} label={t('report')} />
      </p>
    </Section>
  );
}

interface ObservationsProps {
  readonly title: string;
  readonly none: string;
  readonly observations: readonly Observation[];
}

function Observations({ title, none, observations }: ObservationsProps) {
  return (
    <div>
      <h3 className="text-xs font-medium text-quiet">{title}</h3>
      {observations.length === 0 ? (
        <p className="text-quiet">{none}</p>
      ) : (
        <ul>
          {observations.map((observation) => (
            <ObservationLine key={observation.id} observation={observation} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ObservationLine({ observation }: { readonly observation: Observation }) {
  const t = useTranslations('admin');
  const locale = useLocale();
  const { operation, operationStatus, attachmentName, bytesSent, complete, creationTime } = observation;
  const refused = operationStatus === 'Failure';
  const what = t(`timeline.operation.${operation}`, {
    outcome: refused ? 'failure' : 'success',
    complete: complete === null ? 'other' : String(complete),
    file: attachmentName === null ? t('timeline.file') : plainText(attachmentName),
    count: 1,
  });
  return (
    <li className="break-words">
      <span className={refused ? 'text-quiet' : 'text-ink'}>{what}</span>
      <span className="text-xs text-quiet">
        {' '}
        <LocalTime at={creationTime} locale={locale} timeStyle="medium" />
        {bytesSent === null || refused ? null : ` · ${sizeText(bytesSent, locale)}`}
      </span>
    </li>
  );
}
