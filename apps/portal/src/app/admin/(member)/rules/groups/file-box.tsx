import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { plainText } from '../../../../../components/plain-text.ts';
import { Button } from '../../../../../components/ui/button.tsx';
import { Label } from '../../../../../components/ui/label.tsx';

interface FileBoxProps {
  readonly file: File | null;
  readonly onChange: (file: File | null) => void;
  readonly error: string | null;
}

/** A file that counts in place of what is typed, until one does without it. */
export function FileBox({ file, onChange, error }: FileBoxProps) {
  const t = useTranslations('groups');
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="space-y-1.5">
      <Label htmlFor="group-file">{t('file')}</Label>
      <input
        ref={input}
        id="group-file"
        type="file"
        accept=".csv,text/csv,text/plain"
        onChange={(event) => onChange(event.target.files?.[0] ?? null)}
        aria-describedby="group-file-hint group-file-error"
        {...(error === null ? {} : { 'aria-invalid': true })}
        className="block w-full rounded text-sm text-quiet file:mr-3 file:h-11 file:cursor-pointer file:rounded-lg file:border file:border-edge/60 file:bg-surface file:px-4 file:font-medium file:text-ink sm:file:h-10"
      />
      <p id="group-file-hint" className="text-xs text-quiet">
        {t('fileHint')}
      </p>
      <div aria-live="polite" className="space-y-1.5">
        {file === null ? null : (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm">
            <span className="min-w-0 wrap-anywhere">{t('fileCounts', { name: plainText(file.name) })}</span>
            <Button
              variant="secondary"
              size="small"
              onClick={() => {
                if (input.current) input.current.value = '';
                input.current?.focus();
                onChange(null);
              }}
            >
              {t('withoutFile')}
            </Button>
          </p>
        )}
        <p id="group-file-error" className="text-sm whitespace-pre-line text-danger empty:hidden">
          {error}
        </p>
      </div>
    </div>
  );
}
