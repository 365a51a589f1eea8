'use client';

import type { NextHop } from '@signet/api-contract/next-hops';
import { nextHopTlsModes } from '@signet/domain/next-hop';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '../../../../components/ui/field.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeNextHops } from './change-next-hops.ts';
import type { NextHopDraft, NextHopFaults } from './change-next-hops.ts';

interface NextHopDialogProps {
  /** Null: a new one. */
  readonly hop: NextHop | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** Adds a next hop or changes one. What is wrong is said at its box; a password that is kept is not shown. */
export function NextHopDialog({ hop, onClose, onDone, onCloseAutoFocus }: NextHopDialogProps) {
  const t = useTranslations('admin.settings.nextHops');
  const [draft, setDraft] = useState<NextHopDraft>({
    domain: hop?.domain ?? '',
    host: hop?.host ?? '',
    port: String(hop?.port ?? 587),
    tls: hop?.tls ?? 'required',
    username: hop?.username ?? '',
    password: '',
  });
  const [faults, setFaults] = useState<NextHopFaults>({});
  const [against, setAgainst] = useState('');
  const words = hop === null ? 'add' : 'change';
  const isKept = hop !== null && hop.username !== null;

  /** Says what is wrong at its boxes and leads to the first of them. @returns whether anything is. */
  function showFaults(found: NextHopFaults): boolean {
    setFaults(found);
    const [first] = Object.keys(found);
    if (first !== undefined) document.getElementById(`next-hop-${first}`)?.focus();
    return first !== undefined;
  }

  async function save() {
    const wrong: NextHopFaults = {
      ...(draft.host.trim() === '' ? { host: t('missing.host') } : {}),
      ...(/^\d+$/.test(draft.port.trim()) && Number(draft.port) >= 1 && Number(draft.port) <= 65_535 ? {} : { port: t('missing.port') }),
    };
    if (showFaults(wrong)) return 'fields' as const;
    const refused = await changeNextHops({ act: 'save', id: hop?.id ?? null, draft });
    showFaults(Object.fromEntries(Object.entries(refused?.fields ?? {}).map(([box, detail]) => [box, t('fault', { detail })])));
    setAgainst(refused?.detail ?? '');
    return refused?.refusal ?? null;
  }

  const boxOf = (box: Exclude<keyof NextHopDraft, 'tls'>) => ({
    id: `next-hop-${box}`,
    label: t(box),
    autoCapitalize: 'none',
    spellCheck: false,
    value: draft[box],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [box]: event.target.value }),
    error: faults[box] ?? null,
  });

  return (
    <ActDialog
      open
      onClose={onClose}
      title={t(`${words}.title`)}
      description={<p>{t(`${words}.text`)}</p>}
      submit={t(`${words}.submit`)}
      variant="primary"
      act={save}
      refused={{ detail: against }}
      onDone={onDone}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      <Field hint={t('domainHint')} autoComplete="off" maxLength={255} {...boxOf('domain')} />
      <div className="grid gap-4 sm:grid-cols-[1fr_6rem]">
        <Field autoComplete="off" maxLength={253} {...boxOf('host')} />
        <Field autoComplete="off" inputMode="numeric" maxLength={5} {...boxOf('port')} />
      </div>
      <fieldset className="space-y-2" aria-describedby="next-hop-tls-error">
        <legend className="text-sm font-medium">{t('tls')}</legend>
        {nextHopTlsModes.map((mode) => (
          <label key={mode} className="flex cursor-pointer items-start gap-3 text-sm">
            <input
              type="radio"
              name="next-hop-tls"
              value={mode}
              checked={draft.tls === mode}
              onChange={() => setDraft({ ...draft, tls: mode })}
              className="mt-0.5 size-4 shrink-0 accent-primary"
            />
            {t(`mode.${mode}`)}
          </label>
        ))}
        <p id="next-hop-tls-error" aria-live="polite" className="text-sm text-danger empty:hidden">
          {faults.tls}
        </p>
      </fieldset>
      <Field hint={t('usernameHint')} autoComplete="off" maxLength={320} {...boxOf('username')} />
      <Field
        type="password"
        hint={t(isKept ? 'passwordKept' : 'passwordHint')}
        autoComplete="new-password"
        maxLength={500}
        {...boxOf('password')}
      />
    </ActDialog>
  );
}
