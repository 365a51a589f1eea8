'use client';

import type { Permission } from '@signet/domain/role';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '../../../../components/ui/dialog.tsx';
import type { MadeCredential } from './change-credentials.ts';
import type { SecretKind } from './credential.ts';
import { CredentialForm } from './credential-form.tsx';
import { ShownSecret } from './shown-secret.tsx';

interface NewCredentialProps {
  readonly kind: SecretKind;
  readonly scopes: readonly Permission[];
}

/** The button that makes a credential, its dialog, and, once it is made, its secret: as long as the dialog is open, and never again. */
export function NewCredential({ kind, scopes }: NewCredentialProps) {
  const t = useTranslations(`access.${kind}`);
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<MadeCredential | null>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(wanted) => {
        setMade(null);
        setOpen(wanted);
      }}
    >
      <DialogTrigger asChild>
        <Button>
          <Plus aria-hidden />
          {t('create.open')}
        </Button>
      </DialogTrigger>
      <DialogContent
        title={made === null ? t('create.title') : t('made.title')}
        description={made === null ? t('create.text') : t('made.text')}
        closeLabel={common('close')}
      >
        {made === null ? <CredentialForm kind={kind} scopes={scopes} onMade={setMade} /> : <ShownSecret kind={kind} made={made} />}
      </DialogContent>
    </Dialog>
  );
}
