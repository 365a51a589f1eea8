'use client';

import { Eraser } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { Button } from '../../../../components/ui/button.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { eraseEntries } from './erase-entries.ts';
import { ErasureReason } from './erasure-reason.tsx';

/** Has one entry erased by law, once it is said what that means and why it is done. */
export function EraseButton({ id, logIndex }: { readonly id: string; readonly logIndex: number }) {
  const t = useTranslations('log.erasure');
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [detail, setDetail] = useState('');

  async function perform() {
    const answer = await eraseEntries({ named: { entries: [id] }, reason, leaveHeld: false });
    setDetail(answer.detail);
    return answer.refusal;
  }

  return (
    <>
      <Button variant="secondary" size="small" onClick={() => setOpen(true)}>
        <Eraser aria-hidden />
        {t('open')}
      </Button>
      <ActDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('title')}
        description={
          <>
            <p>{t('what', { index: logIndex })}</p>
            <p className="mt-2">{t('stays')}</p>
          </>
        }
        submit={t('submit')}
        act={perform}
        refused={{ detail: t('refusedHeld', { detail: plainText(detail) }), nobody: t('nobody') }}
        onDone={() => setOpen(false)}
      >
        {(refusal) => <ErasureReason value={reason} onChange={setReason} isMissing={refusal === 'reason'} />}
      </ActDialog>
    </>
  );
}
