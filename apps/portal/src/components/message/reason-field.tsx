'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Label } from '../ui/label.tsx';
import { Textarea } from '../ui/textarea.tsx';

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (reason: string) => void;
  /** Whether the last try was refused for it. What was typed stays whole, to be shortened by who typed it. */
  readonly isTooLong: boolean;
}

/** Why something is done to a message. Nothing is cut off: what is too long is said here. */
export function ReasonField({ value, onChange, isTooLong }: ReasonFieldProps) {
  const t = useTranslations('admin.dialog');
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (isTooLong) box.current?.focus();
  }, [isTooLong]);
  return (
    <div className="space-y-1.5">
      <Label htmlFor="reason">{t('reason')}</Label>
      <Textarea
        id="reason"
        ref={box}
        rows={2}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...(isTooLong ? { 'aria-invalid': true } : {})}
        aria-describedby={isTooLong ? 'reason-hint reason-error' : 'reason-hint'}
      />
      <p id="reason-hint" className="text-xs text-quiet">
        {t('reasonHint')}
      </p>
      <div aria-live="polite">
        {isTooLong ? (
          <p id="reason-error" className="text-sm text-danger">
            {t('refused.reason')}
          </p>
        ) : null}
      </div>
    </div>
  );
}
