import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { useTranslations } from 'next-intl';
import { Input } from '../../../../components/ui/input.tsx';
import { faultMarks, filterBox, filterChoice, FilterField, FilterPanel } from '../filter-panel.tsx';
import { trailPath } from './trail-filters.ts';
import type { TrailFaults, TrailFilterName, TrailFilters } from './trail-filters.ts';

interface FilterFormProps {
  readonly filters: TrailFilters;
  readonly faults: TrailFaults;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What the entries can be narrowed by; all of it counts together, and stands in the page's address. */
export function FilterForm({ filters, faults }: FilterFormProps) {
  const t = useTranslations('admin.trail');
  const field = (name: TrailFilterName) => ({
    id: `trail-${name}`,
    label: t(`filter.${name}`),
    fault: faults[name] && t(`fault.${faults[name]}`),
  });
  const box = (name: TrailFilterName) => ({
    id: `trail-${name}`,
    name,
    defaultValue: filters[name] ?? '',
    ...faultMarks(`trail-${name}`, faults[name] !== undefined),
  });
  const text = (name: TrailFilterName, type: string, maxLength: number, placeholder?: string) => (
    <FilterField {...field(name)}>
      <Input
        {...box(name)}
        type={faults[name] === 'noDay' ? 'text' : type}
        maxLength={maxLength}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        className={filterBox}
      />
    </FilterField>
  );
  const choice = (name: TrailFilterName, choices: readonly Choice[]) => (
    <FilterField {...field(name)}>
      <select {...box(name)} className={filterChoice}>
        <option value="">{t('filter.any')}</option>
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </FilterField>
  );
  const statuses = operationStatus.options.map((value) => ({ value, label: t(`status.${value}`) }));
  return (
    <FilterPanel
      path={trailPath({})}
      isNarrowed={Object.keys(filters).length > 0}
      words={{ open: t('filter.open'), apply: t('filter.apply'), clear: t('filter.clear') }}
    >
      {choice(
        'operation',
        operationNames.map((value) => ({ value, label: t(`operation.${value}`) })),
      )}
      {choice('operationStatus', statuses)}
      {text('messageId', 'text', 1000)}
      {text('recipient', 'text', 321, 'bob@example.net, bob*')}
      {text('sender', 'text', 321, 'alice@acme.example, alice*')}
      {text('subject', 'text', 200)}
      {choice(
        'authenticationMethod',
        authenticationMethods.map((value) => ({ value, label: t(`method.${value}`) })),
      )}
      {choice('authenticationStatus', statuses)}
      {text('source', 'text', 64, 'signet')}
      {text('from', 'date', 10)}
      {text('to', 'date', 10)}
    </FilterPanel>
  );
}
