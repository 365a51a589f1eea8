'use client';

import type { Permission } from '@signet/domain/role';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { DialogClose } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { isActRefusal } from '../act-refusal.ts';
import { createCredential } from './change-credentials.ts';
import type { CreationRefusal, MadeCredential } from './change-credentials.ts';
import { dangerousScopes } from './credential.ts';
import type { SecretKind } from './credential.ts';

interface CredentialFormProps {
  readonly kind: SecretKind;
  readonly scopes: readonly Permission[];
  readonly onMade: (made: MadeCredential) => void;
}

const away: CreationRefusal = { refusal: 'away', fields: {} };

/** A name, and for a key what it may do. What is wrong is said at its field, and what was typed stays. */
export function CredentialForm({ kind, scopes, onMade }: CredentialFormProps) {
  const t = useTranslations('access');
  const acts = useTranslations('account.refused');
  const confirm = useConfirmation();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Permission[]>([]);
  const [faults, setFaults] = useState<CreationRefusal['fields']>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();

  const sentencesOf = ({ name: ofName, scopes: ofScopes }: CreationRefusal['fields']) => ({
    ...(ofName === undefined ? {} : { name: t('create.fault', { detail: ofName }) }),
    ...(ofScopes === undefined ? {} : { scopes: t('create.fault', { detail: ofScopes }) }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    const missing = {
      ...(name.trim() === '' ? { name: t('create.noName') } : {}),
      ...(kind === 'apiKey' && chosen.length === 0 ? { scopes: t('create.noScope') } : {}),
    };
    setFaults(missing);
    if (Object.keys(missing).length > 0) {
      document.getElementById('name' in missing ? 'credential-name' : 'scope-0')?.focus();
      return;
    }
    startTransition(async () => {
      const made = await confirm(() => createCredential({ kind, name, scopes: [...chosen] }).catch(() => away));
      startTransition(() => {
        if (!('refusal' in made)) onMade(made);
        else if (isActRefusal(made.refusal)) setRefusal(acts(made.refusal));
        else setFaults(sentencesOf(made.fields));
      });
    });
  }

  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field
        id="credential-name"
        label={t('create.name')}
        hint={t(`${kind}.create.nameHint`)}
        autoComplete="off"
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={faults.name ?? null}
      />
      {kind === 'apiKey' ? (
        <Scopes offered={scopes} chosen={chosen} onChange={setChosen} error={faults.scopes ?? null} disabled={pending} />
      ) : null}
      <div aria-live="assertive">{refusal === null ? null : <Alert tone="danger">{refusal}</Alert>}</div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t('create.cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t(`${kind}.create.submit`)}
        </Button>
      </div>
    </form>
  );
}

interface ScopesProps {
  readonly offered: readonly Permission[];
  readonly chosen: readonly Permission[];
  readonly onChange: (chosen: readonly Permission[]) => void;
  readonly error: string | null;
  readonly disabled: boolean;
}

/** What the program may do, each said in a sentence; what changes things is marked. */
function Scopes({ offered, chosen, onChange, error, disabled }: ScopesProps) {
  const t = useTranslations('access');
  return (
    <fieldset disabled={disabled} aria-describedby={error === null ? undefined : 'scopes-fault'} className="min-w-0">
      <legend className="text-sm font-medium">{t('create.scopes')}</legend>
      <ul className="mt-1.5 divide-y divide-line overflow-hidden rounded-lg border border-line">
        {offered.map((scope, index) => (
          <li key={scope}>
            <div className="flex items-start gap-3 px-3.5 py-2">
              <input
                id={`scope-${index}`}
                type="checkbox"
                checked={chosen.includes(scope)}
                onChange={(event) => onChange(event.target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))}
                aria-describedby={`scope-${index}-meaning`}
                className="mt-1 size-4 shrink-0 accent-primary"
              />
              <div className="min-w-0 flex-1 text-sm">
                <span className="flex flex-wrap items-center gap-2">
                  <label htmlFor={`scope-${index}`} className="cursor-pointer font-mono text-xs font-medium">
                    {scope}
                  </label>
                  {dangerousScopes.includes(scope) ? <Badge tone="warning">{t('create.dangerous')}</Badge> : null}
                </span>
                <span id={`scope-${index}-meaning`} className="block text-xs text-quiet">
                  {t(`scope.${scope}`)}
                </span>
              </div>
            </div>
          </li>
        ))}
      </ul>
      <div aria-live="polite">
        {error === null ? null : (
          <p id="scopes-fault" className="mt-1.5 text-sm text-danger">
            {error}
          </p>
        )}
      </div>
    </fieldset>
  );
}
