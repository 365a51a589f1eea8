import type { RetentionPreview } from '@signet/api-contract/retention';
import { limitedOperations } from '@signet/domain/retention';
import type { RetentionPolicy } from '@signet/domain/retention';
import { useLocale, useTranslations } from 'next-intl';
import { timeTag } from '../../../../components/time-tag.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { setRetention } from './set-retention.ts';
import type { RetentionRefusal } from './set-retention.ts';

interface RetentionDialogProps {
  readonly policy: RetentionPolicy;
  /** What falls under it. */
  readonly preview: RetentionPreview;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Says what a policy would remove, from when on and of which steps, what holds keep of it, and that it is for good; then asks. */
export function RetentionDialog({ policy, preview, onClose, onDone }: RetentionDialogProps) {
  const t = useTranslations('custody.retention.confirm');
  const isLimited = limitedOperations(policy).length > 0;
  const removes = preview.entries > 0;
  return (
    <ActDialog<RetentionRefusal>
      open
      onClose={onClose}
      title={t(isLimited ? 'remove' : 'forever')}
      description={isLimited ? <Forecast preview={preview} /> : <p>{t('foreverText')}</p>}
      submit={t(removes ? 'submitRemove' : isLimited ? 'submit' : 'submitForever')}
      variant={removes ? 'danger' : 'primary'}
      act={() => setRetention(policy)}
      refused={{ unavailable: t('refused.unavailable') }}
      onDone={onDone}
    />
  );
}

function Forecast({ preview: { entries, held, more, oldest, operations } }: { readonly preview: RetentionPreview }) {
  const t = useTranslations('custody.retention.confirm');
  const names = useTranslations('admin.trail.operation');
  const locale = useLocale();
  return (
    <div className="space-y-2">
      <p className={entries === 0 ? undefined : 'font-medium text-ink'}>
        {entries === 0 || oldest === null
          ? t('none')
          : t.rich('some', { count: entries, more: String(more), time: timeTag(oldest, locale, 'short') })}
      </p>
      {held === 0 ? null : <p>{t('held', { count: held })}</p>}
      {operations.length === 0 ? null : (
        <ul className="rounded-lg border border-line px-3.5 py-2">
          {operations.map((each) => (
            <li key={each.operation}>
              {t('operation', { operation: names(each.operation), count: each.entries, held: each.held, more: String(each.more) })}
            </li>
          ))}
        </ul>
      )}
      <p>{t('undone')}</p>
    </div>
  );
}
