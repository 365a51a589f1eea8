import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CopyText } from '../../../components/copy-text.tsx';
import { plainText } from '../../../components/plain-text.ts';

/** A fact in a list of definitions. */
export function Fact({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-quiet">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

interface CodeProps {
  readonly text: string;
  /** What copying it is called; it is not copied without. */
  readonly copy?: string | undefined;
}

/** A text to be compared character by character, and copied. */
export function Code({ text, copy }: CodeProps) {
  const t = useTranslations('log');
  return (
    <span className="flex items-start gap-2">
      <code className="min-w-0 flex-1 font-mono text-xs leading-5 break-all whitespace-pre-wrap">{plainText(text.trimEnd())}</code>
      {copy === undefined ? null : <CopyText text={text} label={copy} doneLabel={t('copied')} />}
    </span>
  );
}
