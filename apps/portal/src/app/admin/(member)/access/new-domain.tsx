'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { useDomainAct } from './use-domain-act.ts';

/** The button that adds a domain, and its dialog. */
export function NewDomain() {
  const t = useTranslations('access.domain.create');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <Plus aria-hidden />
          {t('open')}
        </Button>
      </DialogTrigger>
      <DialogContent title={t('title')} description={t('text')} closeLabel={common('close')}>
        <DomainForm onMade={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function DomainForm({ onMade }: { readonly onMade: () => void }) {
  const t = useTranslations('access.domain.create');
  const cancel = useTranslations('access.create');
  const { act, pending, refusal } = useDomainAct();
  const [domain, setDomain] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    act({ act: 'claim', domain: domain.trim().toLowerCase() }, onMade);
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field
        id="domain-name"
        label={t('name')}
        hint={t('hint')}
        autoComplete="off"
        spellCheck={false}
        maxLength={189}
        value={domain}
        onChange={(event) => setDomain(event.target.value)}
        error={refusal === '' ? null : refusal}
      />
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{cancel('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}
