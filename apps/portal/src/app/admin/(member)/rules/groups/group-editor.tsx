'use client';

import type { FieldError } from '@signet/api-contract/problem';
import { GROUP_SIZE, type SenderGroup } from '@signet/api-contract/sender-groups';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../../components/confirmation.ts';
import { plainText } from '../../../../../components/plain-text.ts';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Button, buttonClasses } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { Field } from '../../../../../components/ui/field.tsx';
import { isActRefusal } from '../../act-refusal.ts';
import { AddressBox } from './address-box.tsx';
import { addressesIn } from './addresses-in.ts';
import { saveGroup } from './change-groups.ts';
import type { GroupRefusal } from './change-groups.ts';
import { FileBox } from './file-box.tsx';

interface GroupEditorProps {
  /** Null: it is a new one. */
  readonly group: SenderGroup | null;
  readonly mayChange: boolean;
}

type Faults = Readonly<Partial<Record<'name' | 'addresses' | 'file', string>>>;

const away: GroupRefusal = { refusal: 'away', errors: [] };
/** A form of this server takes a megabyte, as the api does. */
const BYTES = 1_000_000;
/** So many wrong addresses are named. */
const NAMED = 3;

/** A group's name and addresses, typed or from a file. What is wrong is said at its box, and nothing that was typed is lost. */
export function GroupEditor({ group, mayChange }: GroupEditorProps) {
  const name = group?.name ?? null;
  const t = useTranslations('groups');
  const acts = useTranslations('account.refused');
  const confirm = useConfirmation();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [wanted, setWanted] = useState('');
  const [typed, setTyped] = useState(group?.addresses.join('\n') ?? '');
  const [file, setFile] = useState<File | null>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const given = addressesIn(typed);
  useEffect(() => {
    if (Object.keys(faults).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [faults]);

  function ofTyped(): Faults {
    if (given.length === 0) return { addresses: t('fault.noAddress') };
    if (given.length > GROUP_SIZE) return { addresses: t('fault.tooMany', { limit: GROUP_SIZE, count: given.length }) };
    return new Blob([typed]).size > BYTES ? { addresses: t('fault.tooLong') } : {};
  }

  async function ofFile(chosen: File): Promise<Faults> {
    if (chosen.size > BYTES) return { file: t('fault.fileTooLong') };
    // A list that is empty by mistake would take the place of one that is not.
    return (await chosen.text()).includes('@') ? {} : { file: t('fault.noAddressInFile') };
  }

  function faultsOf({ refusal: why, errors }: GroupRefusal): Faults {
    if (why === 'nameTaken') return { name: t('fault.nameTaken') };
    const [ofName, others] = [errors.filter(isOfName), errors.filter((error) => !isOfName(error))];
    const places = others.map(({ pointer }) => Number(pointer.split('/').at(-1) || Number.NaN));
    const said = others.slice(0, NAMED).map(({ detail }, index) => {
      const place = places[index] ?? Number.NaN;
      if (Number.isNaN(place)) return file === null ? t('fault.list', { detail }) : t('fault.file', { limit: GROUP_SIZE });
      if (file !== null) return t('fault.addressInFile', { number: place + 1 });
      return t('fault.address', { number: place + 1, address: plainText(given[place] ?? ''), detail });
    });
    if (others.length > NAMED) said.push(t('fault.more', { count: others.length - NAMED }));
    return {
      ...(ofName.length > 0 ? { name: t('fault.name') } : {}),
      ...(said.length > 0 ? { [file === null ? 'addresses' : 'file']: said.join('\n') } : {}),
    };
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    setFaults({});
    startTransition(async () => {
      const missing: Faults = {
        ...(name === null && wanted.trim() === '' ? { name: t('fault.name') } : {}),
        ...(file === null ? ofTyped() : await ofFile(file).catch((): Faults => ({ file: t('fault.file', { limit: GROUP_SIZE }) }))),
      };
      if (Object.keys(missing).length > 0) {
        startTransition(() => setFaults(missing));
        return;
      }
      const saved = { name: name ?? wanted.trim(), revision: group?.revision ?? null, addresses: file ?? given };
      const answer = await confirm(() => saveGroup(saved).catch(() => away));
      startTransition(() => {
        if (answer === null) router.push('/admin/rules/groups');
        else if (isActRefusal(answer.refusal)) setRefusal(acts(answer.refusal));
        else if (answer.refusal === 'changedMeanwhile') setRefusal(t('changedMeanwhile'));
        else setFaults(faultsOf(answer));
      });
    });
  }

  return (
    <form ref={form} onSubmit={submit} noValidate aria-busy={pending} className="mt-4 space-y-4">
      {mayChange ? null : <Alert>{t('readOnly')}</Alert>}
      <Card className="space-y-5 p-4 sm:p-5">
        {name === null ? (
          <Field
            id="group-name"
            label={t('name')}
            hint={t('nameHint')}
            autoComplete="off"
            maxLength={100}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            error={faults.name ?? null}
          />
        ) : null}
        <AddressBox
          typed={typed}
          onChange={setTyped}
          count={given.length}
          hint={mayChange ? t(name === null ? 'addressesHint' : 'replacementHint', { limit: GROUP_SIZE }) : null}
          isPassedOver={file !== null}
          error={file === null ? (faults.addresses ?? null) : null}
        />
        {mayChange ? <FileBox file={file} onChange={setFile} error={file === null ? null : (faults.file ?? null)} /> : null}
      </Card>
      <div aria-live="assertive">{refusal === null ? null : <Alert tone="danger">{refusal}</Alert>}</div>
      {mayChange ? (
        <div className="flex flex-col-reverse gap-2 sm:flex-row">
          <Link href="/admin/rules/groups" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
            {t('cancel')}
          </Link>
          <Button type="submit" disabled={pending}>
            {t(name === null ? 'create' : 'save')}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

function isOfName({ pointer }: FieldError): boolean {
  return pointer === '/name';
}
