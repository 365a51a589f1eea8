import { adminActions } from '@signet/domain/audit/admin-record';
import { useTranslations } from 'next-intl';
import { Input } from '../../../../components/ui/input.tsx';
import { faultMarks, filterBox, filterChoice, FilterField, FilterPanel } from '../filter-panel.tsx';
import { recordsPath } from './record-filters.ts';
import type { RecordFaults, RecordFilters } from './record-filters.ts';

interface FilterFormProps {
  readonly filters: RecordFilters;
  readonly faults: RecordFaults;
}

/** What the records can be narrowed by; all of it counts together, and stands in the page's address. */
export function FilterForm({ filters, faults }: FilterFormProps) {
  const t = useTranslations('admin.records');
  const text = (name: 'actor' | 'target' | 'from' | 'to', type: string, maxLength: number) => (
    <FilterField id={`record-${name}`} label={t(`filter.${name}`)} fault={faults[name] && t(`fault.${faults[name]}`)}>
      <Input
        id={`record-${name}`}
        name={name}
        type={faults[name] === 'noDay' ? 'text' : type}
        maxLength={maxLength}
        defaultValue={filters[name] ?? ''}
        autoComplete="off"
        spellCheck={false}
        className={filterBox}
        {...faultMarks(`record-${name}`, faults[name] !== undefined)}
      />
    </FilterField>
  );
  return (
    <FilterPanel
      path={recordsPath({})}
      isNarrowed={Object.keys(filters).length > 0}
      words={{ open: t('filter.open'), apply: t('filter.apply'), clear: t('filter.clear') }}
    >
      <FilterField id="record-action" label={t('filter.action')} fault={faults.action && t(`fault.${faults.action}`)}>
        <select
          id="record-action"
          name="action"
          defaultValue={filters.action ?? ''}
          className={filterChoice}
          {...faultMarks('record-action', faults.action !== undefined)}
        >
          <option value="">{t('filter.any')}</option>
          {adminActions.map((action) => (
            <option key={action} value={action}>
              {t(`action.${action}`)}
            </option>
          ))}
        </select>
      </FilterField>
      <FilterField id="record-status" label={t('filter.status')}>
        <select id="record-status" name="status" defaultValue={filters.status ?? ''} className={filterChoice}>
          <option value="">{t('filter.any')}</option>
          <option value="Success">{t('filter.done')}</option>
          <option value="Failure">{t('refused')}</option>
        </select>
      </FilterField>
      {text('actor', 'text', 320)}
      {text('target', 'text', 1000)}
      {text('from', 'date', 10)}
      {text('to', 'date', 10)}
    </FilterPanel>
  );
}
