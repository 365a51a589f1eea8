import type { RecordProof } from '@signet/api-contract/logs';
import { useTranslations } from 'next-intl';
import { Suspense } from 'react';
import type { ReactNode } from 'react';
import { CopyText } from '../../../components/copy-text.tsx';
import { LoadingRows } from '../../../components/loading-rows.tsx';
import { plainText } from '../../../components/plain-text.ts';
import { env } from '../../../env.ts';
import { BackLink } from './back-link.tsx';
import { LogProof } from './log-proof.tsx';
import { Section } from './section.tsx';

interface LoggedPageProps {
  /** The log that holds it. */
  readonly stream: 'audit' | 'admin';
  /** All that is on record, as the api gives it. */
  readonly logged: { readonly logIndex: number };
  readonly path: string;
  /** The list that it belongs to. */
  readonly list: string;
  readonly prove: () => Promise<RecordProof>;
  /** What can be done about it. */
  readonly act?: ReactNode;
  /** What is being done about it. */
  readonly state?: ReactNode;
  /** What it says, in words. */
  readonly children: ReactNode;
}

/** One thing that a log holds: what it says, the proof that it is in the log, and all that is on record. */
export function LoggedPage({ stream, logged, path, list, prove, act, state, children }: LoggedPageProps) {
  const t = useTranslations('log');
  const json = JSON.stringify(logged, null, 2);
  return (
    <>
      <BackLink href={list}>{t(`logged.${stream}.back`)}</BackLink>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold">{t(`logged.${stream}.title`)}</h1>
        <span className="flex items-center gap-1 text-sm text-quiet">
          {t(`logged.${stream}.link`)}
          <CopyText text={new URL(path, env().PUBLIC_URL).href} label={t(`logged.${stream}.copyLink`)} doneLabel={t('copied')} />
        </span>
        {act}
      </div>
      {state}
      <Section id="step" title={t(`logged.${stream}.step`)}>
        {children}
      </Section>
      <Section id="proof" title={t('proof.title')} note={t('proof.text', { stream })}>
        <Suspense fallback={<LoadingRows rows={4} />}>
          <LogProof stream={stream} prove={prove} logIndex={logged.logIndex} path={path} />
        </Suspense>
      </Section>
      <Section id="record" title={t(`logged.${stream}.whole`)} note={t('logged.wholeText')}>
        <div className="relative p-4">
          <div className="absolute top-2 right-2">
            <CopyText text={json} label={t('logged.copy')} doneLabel={t('copied')} />
          </div>
          <code className="block pr-8 font-mono text-xs break-all whitespace-pre-wrap">{plainText(json)}</code>
        </div>
      </Section>
    </>
  );
}
