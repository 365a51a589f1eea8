import { useTranslations } from 'next-intl';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import type { ActRefusal } from '../act-refusal.ts';

interface SaveFootProps {
  readonly mayChange: boolean;
  readonly pending: boolean;
  /** What is in force now; null until it is saved. */
  readonly saved: string | null;
  readonly refusal: ActRefusal | null;
}

/** The foot of a form of settings: its button, or who may change them, and what became of it. */
export function SaveFoot({ mayChange, pending, saved, refusal }: SaveFootProps) {
  const t = useTranslations('admin.settings');
  const account = useTranslations('account');
  return (
    <>
      {mayChange ? (
        <Button type="submit" disabled={pending}>
          {t('save')}
        </Button>
      ) : (
        <p className="text-sm text-quiet">{t('notYours')}</p>
      )}
      <div aria-live="polite" className="empty:hidden">
        {saved === null ? null : <Alert tone="success">{saved}</Alert>}
        {refusal === null ? null : <Alert tone="danger">{account(`refused.${refusal}`)}</Alert>}
      </div>
    </>
  );
}
