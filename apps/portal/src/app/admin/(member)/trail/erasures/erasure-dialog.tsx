import type { AuditErasurePreview } from '@signet/api-contract/audit-erasures';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { plainText } from '../../../../../components/plain-text.ts';
import { Checkbox } from '../../../../../components/ui/checkbox.tsx';
import { ActDialog } from '../../act-dialog.tsx';
import { eraseEntries } from '../erase-entries.ts';
import { ErasureReason } from '../erasure-reason.tsx';

interface ErasureDialogProps {
  readonly address: string;
  readonly preview: AuditErasurePreview;
  readonly onClose: () => void;
  /** Told how many entries will be erased: more than were counted, if some came meanwhile. */
  readonly onDone: (entries: number) => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** Asks before an address's entries are erased, says what goes and what stays, and has it done. */
export function ErasureDialog({ address, preview: { entries, held }, onClose, onDone, onCloseAutoFocus }: ErasureDialogProps) {
  const [t, one] = [useTranslations('log.erasures'), useTranslations('log.erasure')];
  const [reason, setReason] = useState('');
  const [leaveHeld, setLeaveHeld] = useState(false);
  const [detail, setDetail] = useState('');
  // What is done when it is over was made before it began.
  const entriesAsked = useRef(0);

  async function perform() {
    const given = await eraseEntries({ named: { address }, reason, leaveHeld });
    setDetail(given.detail);
    entriesAsked.current = given.entries;
    return given.refusal;
  }

  return (
    <ActDialog
      open
      onClose={onClose}
      title={t('title')}
      description={
        <>
          <p className="break-words">{t('what', { count: entries, address: plainText(address) })}</p>
          <p className="mt-2">{t('stays')}</p>
        </>
      }
      submit={one('submit')}
      act={perform}
      refused={{ detail: one('refusedHeld', { detail: plainText(detail) }), nobody: one('nobody'), already: t('refusedAlready') }}
      onDone={() => onDone(entriesAsked.current)}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      {(refusal) => (
        <>
          <ErasureReason value={reason} onChange={setReason} isMissing={refusal === 'reason'} />
          {/* A hold may have come after the count. */}
          {held > 0 || refusal === 'detail' ? (
            <Checkbox
              label={t('leaveHeld')}
              className="-mx-3.5 rounded-lg"
              checked={leaveHeld}
              onChange={(event) => setLeaveHeld(event.target.checked)}
            />
          ) : null}
        </>
      )}
    </ActDialog>
  );
}
