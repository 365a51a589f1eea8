import { alertKinds } from '@signet/domain/alert';
import type { AlertKind } from '@signet/domain/alert';
import { useTranslations } from 'next-intl';
import { filterChoice, FilterField, FilterPanel } from '../filter-panel.tsx';

interface KindFilterProps {
  readonly path: string;
  readonly kind: AlertKind | undefined;
  /** Which alerts are shown, as the address says it; it stays. */
  readonly state: string | undefined;
  /** The same list with every kind. */
  readonly cleared: string;
}

/** Narrows the list to one kind, by the page's address. */
export function KindFilter({ path, kind, state, cleared }: KindFilterProps) {
  const t = useTranslations('alerts');
  return (
    <FilterPanel
      path={path}
      isNarrowed={kind !== undefined}
      cleared={cleared}
      words={{ open: t('filter.open'), apply: t('filter.apply'), clear: t('filter.clear') }}
    >
      {state === undefined ? null : <input type="hidden" name="state" value={state} />}
      <FilterField id="alert-kind" label={t('filter.kind')}>
        <select id="alert-kind" name="kind" defaultValue={kind ?? ''} className={filterChoice}>
          <option value="">{t('filter.any')}</option>
          {alertKinds.map((each) => (
            <option key={each} value={each}>
              {t(`kind.${each}.title`)}
            </option>
          ))}
        </select>
      </FilterField>
    </FilterPanel>
  );
}
