import { operationNames } from '@signet/domain/audit/operation';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../../../../components/ui/button.tsx';
import { Input } from '../../../../components/ui/input.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { filterChoice } from '../filter-panel.tsx';
import type { DraftFault, PolicyDraft } from './policy-draft.ts';

type Exceptions = PolicyDraft['exceptions'];

interface ExceptionListProps {
  readonly exceptions: Exceptions;
  readonly onChange: (exceptions: Exceptions) => void;
  readonly faults: readonly DraftFault[];
  readonly mayChange: boolean;
}

/** Steps that are kept otherwise than the rest: each with how long, to be taken away, and a further one. */
export function ExceptionList({ exceptions, onChange, faults, mayChange }: ExceptionListProps) {
  const t = useTranslations('custody.retention.form');
  const free = operationNames.filter((name) => !exceptions.some(({ operation }) => operation === name));
  const [next] = free;
  return (
    <fieldset disabled={!mayChange} className="min-w-0 max-w-2xl">
      <legend className="text-sm font-medium">{t('exceptions')}</legend>
      {exceptions.length === 0 ? (
        <p className="mt-1 text-sm text-quiet">{t('exceptionsNone')}</p>
      ) : (
        <ul className="mt-1.5 divide-y divide-line rounded-lg border border-line">
          {exceptions.map((exception, index) => (
            <ExceptionRow
              key={exception.operation}
              exception={exception}
              free={free}
              isWrong={faults.includes(exception.operation)}
              onChange={(changed) => onChange(exceptions.with(index, changed))}
              onRemove={mayChange ? () => onChange(exceptions.toSpliced(index, 1)) : null}
            />
          ))}
        </ul>
      )}
      {mayChange && next !== undefined ? (
        <Button
          variant="secondary"
          size="small"
          className="mt-2"
          onClick={() => onChange([...exceptions, { operation: next, forever: false, days: '' }])}
        >
          <Plus aria-hidden />
          {t('add')}
        </Button>
      ) : null}
    </fieldset>
  );
}

interface ExceptionRowProps {
  readonly exception: Exceptions[number];
  /** Operations that have no row of their own yet. */
  readonly free: readonly Exceptions[number]['operation'][];
  readonly isWrong: boolean;
  readonly onChange: (exception: Exceptions[number]) => void;
  /** Null: it may not be taken away. */
  readonly onRemove: (() => void) | null;
}

function ExceptionRow({ exception, free, isWrong, onChange, onRemove }: ExceptionRowProps) {
  const t = useTranslations('custody.retention.form');
  const names = useTranslations('admin.trail.operation');
  const { operation, forever, days } = exception;
  const id = `exception-${operation}`;
  const choices = operationNames.filter((name) => name === operation || free.includes(name));
  return (
    <li className="grid items-end gap-3 px-3.5 py-3 sm:grid-cols-[minmax(0,1fr)_9rem_6rem_auto]">
      <div className="min-w-0 space-y-1">
        <Label htmlFor={id}>{t('operation')}</Label>
        <select
          id={id}
          value={operation}
          className={filterChoice}
          onChange={(event) => {
            const chosen = choices.find((name) => name === event.target.value);
            if (chosen !== undefined) onChange({ ...exception, operation: chosen });
          }}
        >
          {choices.map((name) => (
            <option key={name} value={name}>
              {names(name)}
            </option>
          ))}
        </select>
      </div>
      <div className="space-y-1">
        <Label htmlFor={`${id}-kept`}>{t('kept')}</Label>
        <select
          id={`${id}-kept`}
          value={forever ? 'forever' : 'days'}
          className={filterChoice}
          onChange={(event) => onChange({ ...exception, forever: event.target.value === 'forever' })}
        >
          <option value="days">{t('keptDays')}</option>
          <option value="forever">{t('keptForever')}</option>
        </select>
      </div>
      {forever ? (
        <span className="hidden sm:block" />
      ) : (
        <div className="space-y-1">
          <Label htmlFor={`${id}-days`}>{t('number')}</Label>
          <Input
            id={`${id}-days`}
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            value={days}
            className="h-11 sm:h-9 sm:text-sm"
            onChange={(event) => onChange({ ...exception, days: event.target.value })}
            {...(isWrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-error` } : {})}
          />
        </div>
      )}
      {onRemove === null ? null : (
        <Button variant="ghost" size="small" className="justify-self-start" onClick={onRemove}>
          <X aria-hidden />
          {t('remove')}
          <span className="sr-only"> {names(operation)}</span>
        </Button>
      )}
      <div aria-live="polite" className="empty:hidden sm:col-span-full">
        {isWrong ? (
          <p id={`${id}-error`} className="text-sm text-danger">
            {t('numberWrong')}
          </p>
        ) : null}
      </div>
    </li>
  );
}
