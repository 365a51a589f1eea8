import type { routes } from '@signet/api-contract/routes';
import type { AnswerOf } from '@signet/api-contract/route';
import { translatedTexts } from '@signet/domain/branding-template';
import { useTranslations } from 'next-intl';
import { LocalTime } from '../../../../components/local-time.tsx';
import { changesOf } from '../records/record-changes.ts';

const named = [
  'backgroundColor',
  'privacyStatementUrl',
  'externalMailExpiryInDays',
  'mailLanguage',
  'otpEnabled',
  'socialIdSignIn',
  'forwardingAllowed',
  'subjectShown',
  ...translatedTexts,
] as const;

type Items = AnswerOf<typeof routes.getBrandingHistory>['items'];

/** Who changed what, and when; the newest first. */
export function HistoryList({ items, locale }: { readonly items: Items; readonly locale: string }) {
  const t = useTranslations('templates.history');
  const fields = useTranslations('templates.field');
  // Pictures and translations are told by what they are called in the API.
  const nameOf = (name: string) => {
    const field = named.find((one) => one === name);
    return field === undefined ? name : fields(field);
  };
  return (
    <ol className="divide-y divide-line text-sm">
      {items.map(({ revision, at, by, kind, before, after }) => (
        <li key={revision} className="px-4 py-3">
          <p>
            <span className="font-medium wrap-anywhere">{by ?? t('signet')}</span> {t(kind)}
            {' · '}
            <LocalTime at={at} locale={locale} />
          </p>
          {kind === 'created' ? null : (
            <ul className="mt-1 space-y-0.5 text-quiet">
              {changesOf({ before, after }).map((change) => (
                <li key={change.name} className="wrap-anywhere">
                  {t('from', {
                    field: nameOf(change.name),
                    before: change.before ?? t('none'),
                    after: change.after ?? t('none'),
                  })}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
