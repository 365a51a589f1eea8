import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Input } from '../../../../components/ui/input.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import type { FilterFaults, MessageFilters, StateName } from './message-filters.ts';

export interface FilterFieldsProps {
  readonly filters: MessageFilters;
  readonly faults: FilterFaults;
  /** Names of templates to choose from; the box takes any other as well. */
  readonly templates: readonly string[];
  readonly states: { readonly delivery: readonly StateName[]; readonly access: readonly StateName[] };
  /** The button that applies them. */
  readonly children: ReactNode;
}

const boxes = [
  { name: 'sender', maxLength: 320, type: 'text' },
  { name: 'recipient', maxLength: 320, type: 'text' },
  { name: 'subject', maxLength: 200, type: 'text' },
  { name: 'template', maxLength: 64, type: 'text' },
  { name: 'from', maxLength: 10, type: 'date' },
  { name: 'to', maxLength: 10, type: 'date' },
] as const;

/** What the list can be narrowed by; all of it counts together. */
export function FilterFields({ filters, faults, templates, states, children }: FilterFieldsProps) {
  const t = useTranslations('admin.messages.filter');
  return (
    <div className="mt-2 grid gap-3 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
      {boxes.map(({ name, type, maxLength }) => {
        const fault = name === 'from' || name === 'to' ? faults[name] : undefined;
        return (
          <div key={name} className="min-w-0 space-y-1">
            <Label htmlFor={`filter-${name}`}>{t(`name.${name}`)}</Label>
            <Input
              id={`filter-${name}`}
              name={name}
              // A damaged day stays to be seen: a box for days would swallow it.
              type={fault === 'noDay' ? 'text' : type}
              maxLength={maxLength}
              defaultValue={filters[name] ?? ''}
              autoComplete="off"
              spellCheck={false}
              className="h-11 sm:h-9 sm:text-sm"
              {...(name === 'template' ? { list: 'filter-templates' } : {})}
              {...(fault === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `filter-${name}-fault` })}
            />
            {fault === undefined ? null : (
              <p id={`filter-${name}-fault`} className="text-xs text-danger">
                {t(`fault.${fault}`)}
              </p>
            )}
          </div>
        );
      })}
      <datalist id="filter-templates">
        {templates.map((template) => (
          <option key={template} value={template}>
            {template}
          </option>
        ))}
      </datalist>
      {(['delivery', 'access'] as const).map((kind) => (
        <fieldset key={kind} className="min-w-0 sm:col-span-2 lg:col-span-3">
          <legend className="text-sm font-medium">{t(`name.${kind}`)}</legend>
          <div className="mt-1 flex flex-wrap gap-x-4">
            {states[kind].map((state) => (
              <label key={state} className="flex min-h-11 cursor-pointer items-center gap-2 text-sm sm:min-h-8">
                <input
                  type="checkbox"
                  name="state"
                  value={state}
                  defaultChecked={filters.states.includes(state)}
                  className="size-4 accent-primary"
                />
                {t(`state.${state}`)}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <div className="sm:col-span-full">{children}</div>
    </div>
  );
}
