import { useTranslations } from 'next-intl';
import { CopyText } from '../../../../components/copy-text.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { DialogClose } from '../../../../components/ui/dialog.tsx';
import type { MadeCredential } from './change-credentials.ts';
import type { SecretKind } from './credential.ts';

/** What to put into the program, this once. */
export function ShownSecret({ kind, made }: { readonly kind: SecretKind; readonly made: MadeCredential }) {
  const t = useTranslations('access');
  return (
    <>
      <dl className="space-y-3">
        {made.username === null ? null : <Value name={t('made.username')} value={made.username} />}
        <Value name={t(kind === 'apiKey' ? 'made.key' : 'made.password')} value={made.secret} />
      </dl>
      <pre className="mt-4 rounded-lg border border-line bg-raised px-4 py-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
        {t(`${kind}.none.example`)}
      </pre>
      <div className="mt-5 flex justify-end">
        <DialogClose asChild>
          <Button>{t('made.done')}</Button>
        </DialogClose>
      </div>
    </>
  );
}

function Value({ name, value }: { readonly name: string; readonly value: string }) {
  const t = useTranslations('access.made');
  return (
    <div>
      <dt className="text-sm font-medium">{name}</dt>
      <dd className="mt-1 flex items-center gap-2 rounded-lg border border-edge bg-raised py-1.5 pr-1.5 pl-3.5">
        <code className="min-w-0 flex-1 font-mono text-sm break-all select-all">{value}</code>
        <CopyText text={value} label={t('copy', { name })} doneLabel={t('copied')} />
      </dd>
    </div>
  );
}
