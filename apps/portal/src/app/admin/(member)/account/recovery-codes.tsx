'use client';

import { Copy, Download, Printer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { Dialog, DialogContent } from '../../../../components/ui/dialog.tsx';

interface RecoveryCodesProps {
  /** Null: there is nothing to show. */
  readonly codes: readonly string[] | null;
  readonly email: string;
  readonly onClose: () => void;
  /** Where the focus goes then. */
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** Recovery codes, shown this once, with ways to keep them. */
export function RecoveryCodes({ codes, email, onClose, onCloseAutoFocus }: RecoveryCodesProps) {
  const t = useTranslations('account.codes');
  const common = useTranslations('common');
  const [said, setSaid] = useState<'copied' | 'notCopied' | null>(null);
  const text = [t('file', { email }), '', ...(codes ?? []), ''].join('\n');
  return (
    <Dialog open={codes !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent title={t('title')} description={t('text')} closeLabel={common('close')} staysOpen onCloseAutoFocus={onCloseAutoFocus}>
        {/* Printed alone: see globals.css. */}
        <div data-print-alone className="space-y-4">
          <p className="hidden text-sm print:block">{t('file', { email })}</p>
          <ul
            aria-label={t('title')}
            className="grid gap-x-4 gap-y-1 rounded-lg border border-line bg-raised p-4 font-mono text-xs whitespace-nowrap sm:grid-cols-2 sm:px-3 sm:text-[0.6875rem]"
          >
            {codes?.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <div className="flex flex-wrap gap-2 print:hidden">
            <Button
              variant="secondary"
              size="small"
              onClick={() => {
                navigator.clipboard.writeText(text).then(
                  () => setSaid('copied'),
                  () => setSaid('notCopied'),
                );
              }}
            >
              <Copy aria-hidden />
              {t('copy')}
            </Button>
            <a
              href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
              download="signet-recovery-codes.txt"
              className={buttonClasses({ variant: 'secondary', size: 'small' })}
            >
              <Download aria-hidden />
              {t('download')}
            </a>
            <Button variant="secondary" size="small" onClick={() => globalThis.print()}>
              <Printer aria-hidden />
              {t('print')}
            </Button>
          </div>
          <output className="block text-sm text-quiet empty:hidden print:hidden">{said === null ? '' : t(said)}</output>
          <div className="flex justify-end print:hidden">
            <Button onClick={onClose}>{t('kept')}</Button>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}
