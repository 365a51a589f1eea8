import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { changeDomains, type DomainChange, type DomainRefusal } from './change-domains.ts';

const away: DomainRefusal = { refusal: 'away', detail: '' };

/** An act on a domain at a button: whether it is under way, and what stood against the last one, in words. */
export function useDomainAct() {
  const acts = useTranslations('account.refused');
  const confirm = useConfirmation();
  const [refusal, setRefusal] = useState('');
  const [pending, startTransition] = useTransition();
  const act = (change: DomainChange, onDone?: () => void) => {
    setRefusal('');
    startTransition(async () => {
      const refused = await confirm(() => changeDomains(change).catch(() => away));
      startTransition(() => {
        if (refused === null) onDone?.();
        else setRefusal(refused.refusal === 'detail' ? refused.detail : acts(refused.refusal));
      });
    });
  };
  return { act, pending, refusal };
}
