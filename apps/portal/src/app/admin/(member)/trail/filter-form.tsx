import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { useTranslations } from 'next-intl';
import { Input } from '../../../../components/ui/input.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { faultMarks, filterBox, filterChoice, FilterField, FilterPanel } from '../filter-panel.tsx';
import { OperationChoice } from './operation-choice.tsx';
import { trailPath } from './trail-filters.ts';
import type { TrailFaults, TrailFilters, TrailTextName } from './trail-filters.ts';

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
  const field = (name: TrailTextName) => ({
    id: `trail-${name}`,
    label: t(`filter.${name}`),
    fault: faults[name] && t(`fault.${faults[name]}`),
  });
  const box = (name: TrailTextName, isFaulty = faults[name] !== undefined) => ({
    id: `trail-${name}`,
    name,
    defaultValue: filters[name] ?? '',
    ...faultMarks(`trail-${name}`, isFaulty),
  });
  const typed = { autoComplete: 'off', spellCheck: false, className: filterBox } as const;
  const text = (name: TrailTextName, maxLength: number, placeholder?: string) => (
    <FilterField {...field(name)}>
      <Input {...box(name)} {...typed} maxLength={maxLength} placeholder={placeholder} />
    </FilterField>
  );
  /** A day, and a minute of it where one is wanted. A damaged one stays to be seen: a box for days or times would swallow it. */
  const moment = (day: 'from' | 'to', time: 'fromTime' | 'toTime') => (
    <FilterField {...field(day)}>
      <div className="grid grid-cols-[minmax(0,1fr)_8rem] gap-2">
        <Input
          {...box(day, faults[day] !== undefined && faults[day] !== 'noTime')}
          {...typed}
          type={faults[day] === 'noDay' ? 'text' : 'date'}
          maxLength={10}
        />
        <Label htmlFor={`trail-${time}`} className="sr-only">
          {t(`filter.${time}`)}
        </Label>
        <Input
          {...box(time)}
          {...typed}
          {...faultMarks(`trail-${day}`, faults[day] === 'noTime')}
          type={faults[day] === 'noTime' ? 'text' : 'time'}
          maxLength={5}
        />
      </div>
    </FilterField>
  );
  const choice = (name: TrailTextName, choices: readonly Choice[]) => (
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
      <OperationChoice
        choices={operationNames.map((value) => ({ value, label: t(`operation.${value}`) }))}
        chosen={filters.operation ?? []}
        words={{ label: t('filter.operation'), any: t('filter.any'), fault: faults.operation && t(`fault.${faults.operation}`) }}
      />
      {choice('operationStatus', statuses)}
      {text('messageId', 1000)}
      {text('recipient', 321, 'bob@example.net, bob*')}
      {text('sender', 321, 'alice@acme.example, alice*')}
      {text('subject', 200)}
      {choice(
        'authenticationMethod',
        authenticationMethods.map((value) => ({ value, label: t(`method.${value}`) })),
      )}
      {choice('authenticationStatus', statuses)}
      {text('source', 64, 'signet')}
      {moment('from', 'fromTime')}
      {moment('to', 'toTime')}
    </FilterPanel>
  );
}
