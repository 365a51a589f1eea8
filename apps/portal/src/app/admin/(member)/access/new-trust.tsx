'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '../../../../components/ui/dialog.tsx';
import { TrustForm } from './trust-form.tsx';

/** The button that lets a mail system in, and its dialog. */
export function NewTrust() {
  const t = useTranslations('access.trust.create');
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
        <TrustForm onMade={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}
