import { CopyText } from '../../../components/copy-text.tsx';
import { plainText } from '../../../components/plain-text.ts';
import { useTranslations } from 'next-intl';

interface Fact {
  readonly name: string;
  readonly text: string;
  /** What copying it is called; none is copied without. */
  readonly copy?: string;
}

/** Facts to be compared character by character, and copied. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  const t = useTranslations('log');
  return (
    <dl className="divide-y divide-line text-sm">
      {facts.map(({ name, text, copy }) => (
        <div key={name} className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[11rem_minmax(0,1fr)]">
          <dt className="text-quiet">{name}</dt>
          <dd className="flex min-w-0 items-start gap-2">
            <code className="min-w-0 flex-1 font-mono text-xs leading-5 break-all whitespace-pre-wrap">{plainText(text.trimEnd())}</code>
            {copy === undefined ? null : <CopyText text={text} label={copy} doneLabel={t('copied')} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
