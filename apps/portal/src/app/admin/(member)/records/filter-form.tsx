import { adminActions } from '@signet/domain/audit/admin-record';
import { ListFilter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { Input } from '../../../../components/ui/input.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { recordsPath } from './record-filters.ts';
import type { RecordFaults, RecordFilterName, RecordFilters } from './record-filters.ts';

interface FilterFormProps {
  readonly filters: RecordFilters;
  readonly faults: RecordFaults;
}

const box = 'h-11 sm:h-9 sm:text-sm';
const choice = 'w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink aria-invalid:border-danger';

/** What the records can be narrowed by; all of it counts together, and stands in the page's address. */
export function FilterForm({ filters, faults }: FilterFormProps) {
  const t = useTranslations('admin.records');
  const faultOf = (name: RecordFilterName) =>
    faults[name] === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `record-${name}-fault` };
  const text = (name: 'actor' | 'target' | 'from' | 'to', type: string, maxLength: number) => (
    <Field name={name} label={t(`filter.${name}`)} fault={faults[name] && t(`fault.${faults[name]}`)}>
      <Input
        id={`record-${name}`}
        name={name}
        type={faults[name] === 'noDay' ? 'text' : type}
        maxLength={maxLength}
        defaultValue={filters[name] ?? ''}
        autoComplete="off"
        spellCheck={false}
        className={box}
        {...faultOf(name)}
      />
    </Field>
  );
  return (
    <search>
      <details className="group mt-3" open={Object.keys(filters).length > 0}>
        <summary
          className={buttonClasses({
            variant: 'ghost',
            size: 'small',
            className: '-ml-3 list-none gap-1.5 text-quiet group-open:text-ink [&::-webkit-details-marker]:hidden',
          })}
        >
          <ListFilter aria-hidden />
          {t('filter.open')}
        </summary>
        <form
          action="/admin/records"
          className="mt-1 grid gap-3 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3"
        >
          <Field name="action" label={t('filter.action')} fault={faults.action && t(`fault.${faults.action}`)}>
            <select
              id="record-action"
              name="action"
              defaultValue={filters.action ?? ''}
              className={`${choice} ${box}`}
              {...faultOf('action')}
            >
              <option value="">{t('filter.any')}</option>
              {adminActions.map((action) => (
                <option key={action} value={action}>
                  {t(`action.${action}`)}
                </option>
              ))}
            </select>
          </Field>
          <Field name="status" label={t('filter.status')}>
            <select id="record-status" name="status" defaultValue={filters.status ?? ''} className={`${choice} ${box}`}>
              <option value="">{t('filter.any')}</option>
              <option value="Success">{t('filter.done')}</option>
              <option value="Failure">{t('refused')}</option>
            </select>
          </Field>
          {text('actor', 'text', 320)}
          {text('target', 'text', 1000)}
          {text('from', 'date', 10)}
          {text('to', 'date', 10)}
          <div className="flex gap-2 sm:col-span-full">
            <Button type="submit" variant="secondary" size="small">
              {t('filter.apply')}
            </Button>
            {Object.keys(filters).length === 0 ? null : (
              <Link href={recordsPath({})} prefetch={false} className={buttonClasses({ variant: 'ghost', size: 'small' })}>
                {t('filter.clear')}
              </Link>
            )}
          </div>
        </form>
      </details>
    </search>
  );
}

interface FieldProps {
  readonly name: RecordFilterName;
  readonly label: string;
  readonly fault?: string | undefined;
  readonly children: ReactNode;
}

function Field({ name, label, fault, children }: FieldProps) {
  return (
    <div className="min-w-0 space-y-1">
      <Label htmlFor={`record-${name}`}>{label}</Label>
      {children}
      {fault === undefined ? null : (
        <p id={`record-${name}-fault`} className="text-xs text-danger">
          {fault}
        </p>
      )}
    </div>
  );
}
