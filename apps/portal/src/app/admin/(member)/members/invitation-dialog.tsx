'use client';

import type { Role } from '@signet/domain/role';
import { UserPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { isActRefusal } from '../act-refusal.ts';
import { inviteMember } from './change-members.ts';
import type { InvitationRefusal } from './change-members.ts';
import { RoleChoice } from './role-choice.tsx';

interface InvitationDialogProps {
  readonly organization: string;
  readonly onDone: (email: string) => void;
}

/** The button that invites somebody, and its dialog. */
export function InvitationDialog({ organization, onDone }: InvitationDialogProps) {
  const t = useTranslations('members.invite');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <UserPlus aria-hidden />
          {t('open')}
        </Button>
      </DialogTrigger>
      <DialogContent title={t('title')} description={t('text', { organization })} closeLabel={common('close')}>
        <InvitationForm
          onDone={(email) => {
            setOpen(false);
            onDone(email);
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

const away: InvitationRefusal = { refusal: 'away', details: [] };

function InvitationForm({ onDone }: Pick<InvitationDialogProps, 'onDone'>) {
  const t = useTranslations('members.invite');
  const confirm = useConfirmation();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('auditor');
  const [refusal, setRefusal] = useState<InvitationRefusal | null>(null);
  const [pending, startTransition] = useTransition();
  const box = useRef<HTMLInputElement>(null);
  const { addressFault, otherFault } = useFaults(refusal);
  useEffect(() => {
    // What is said below the form must not scroll out of sight.
    if (addressFault !== null) box.current?.focus();
  }, [addressFault]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    startTransition(async () => {
      const refused = await confirm(() => inviteMember({ email, role }).catch(() => away));
      startTransition(() => (refused === null ? onDone(email) : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-4">
      <Field
        ref={box}
        id="invite-email"
        type="email"
        label={t('email')}
        hint={t('emailHint')}
        autoComplete="off"
        required
        maxLength={320}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={addressFault}
      />
      <RoleChoice value={role} onChange={setRole} />
      <div aria-live="assertive">{otherFault === null ? null : <Alert tone="danger">{otherFault}</Alert>}</div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}

/** What to say at the address, and what below the form. */
function useFaults(refusal: InvitationRefusal | null): { addressFault: string | null; otherFault: string | null } {
  const t = useTranslations('members.invite');
  const acts = useTranslations('account.refused');
  if (refusal === null) return { addressFault: null, otherFault: null };
  const why = refusal.refusal;
  if (isActRefusal(why)) return { addressFault: null, otherFault: acts(why) };
  if (why === 'tooMany') return { addressFault: null, otherFault: t('tooMany') };
  const addressFault =
    why === 'memberExists' ? t('memberExists') : refusal.details.map((detail) => t('addressFault', { detail })).join(' ');
  return { addressFault, otherFault: null };
}
