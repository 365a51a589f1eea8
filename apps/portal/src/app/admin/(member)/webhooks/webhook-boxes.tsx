'use client';

import { operationNames } from '@signet/domain/audit/operation';
import { useTranslations } from 'next-intl';
import { Checkbox } from '../../../../components/ui/checkbox.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import type { WebhookDraft } from './change-webhooks.ts';

interface WebhookBoxesProps {
  readonly draft: WebhookDraft;
  readonly onChange: (draft: WebhookDraft) => void;
  readonly errorAt: (field: string) => string | null;
}

/** A name, an address, and what is sent there. */
export function WebhookBoxes({ draft, onChange, errorAt }: WebhookBoxesProps) {
  const t = useTranslations('webhooks.box');
  return (
    <>
      <Field
        id="webhook-name"
        label={t('name')}
        autoComplete="off"
        maxLength={100}
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.target.value })}
        error={errorAt('name')}
      />
      <Field
        id="webhook-url"
        label={t('url')}
        hint={t('urlHint')}
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="none"
        maxLength={2000}
        value={draft.url}
        onChange={(event) => onChange({ ...draft, url: event.target.value })}
        error={errorAt('url')}
      />
      <Entries draft={draft} onChange={onChange} error={errorAt('operations')} />
      <div>
        <Checkbox
          className="-mx-3.5 rounded-lg"
          label={t('checkpoints')}
          checked={draft.checkpoints}
          onChange={(event) => onChange({ ...draft, checkpoints: event.target.checked })}
        />
        <Checkbox
          className="-mx-3.5 rounded-lg"
          label={t('alerts')}
          checked={draft.alerts}
          onChange={(event) => onChange({ ...draft, alerts: event.target.checked })}
        />
      </div>
    </>
  );
}

interface EntriesProps extends Omit<WebhookBoxesProps, 'errorAt'> {
  readonly error: string | null;
}

/** Of which steps entries are sent. */
function Entries({ draft, onChange, error }: EntriesProps) {
  const t = useTranslations('webhooks.box');
  return (
    <fieldset className="min-w-0" {...(error === null ? {} : { 'aria-describedby': 'webhook-operations-error' })}>
      <legend className="text-sm font-medium">{t('operations')}</legend>
      {(['all', 'some', 'none'] as const).map((entries) => (
        <label key={entries} className="flex min-h-9 cursor-pointer items-center gap-3 text-sm">
          <input
            type="radio"
            name="webhook-entries"
            checked={draft.entries === entries}
            onChange={() => onChange({ ...draft, entries })}
            className="size-4 shrink-0 accent-primary"
          />
          {t(`entries.${entries}`)}
        </label>
      ))}
      {draft.entries === 'some' ? (
        <ul className="mt-1 grid max-h-48 gap-x-4 overflow-y-auto rounded-lg border border-line px-3.5 py-2 sm:grid-cols-2">
          {operationNames.map((operation) => (
            <li key={operation}>
              <label className="flex min-h-7 cursor-pointer items-center gap-2 font-mono text-xs">
                <input
                  type="checkbox"
                  checked={draft.operations.includes(operation)}
                  onChange={(event) =>
                    onChange({
                      ...draft,
                      operations: event.target.checked
                        ? [...draft.operations, operation]
                        : draft.operations.filter((other) => other !== operation),
                    })
                  }
                  className="size-4 shrink-0 accent-primary"
                />
                {operation}
              </label>
            </li>
          ))}
        </ul>
      ) : null}
      <div aria-live="polite">
        {error === null ? null : (
          <p id="webhook-operations-error" className="mt-1 text-sm text-danger">
            {error}
          </p>
        )}
      </div>
    </fieldset>
  );
}
