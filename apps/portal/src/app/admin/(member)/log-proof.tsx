import type { RecordProof } from '@signet/api-contract/logs';
import { readCheckpointText } from '@signet/domain/log/checkpoint';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { readNote } from '@signet/domain/log/signed-note';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { isProblem } from '../../../api/is-problem.ts';
import { buttonClasses } from '../../../components/ui/button.tsx';
import { Code, Fact } from './fact.tsx';

interface LogProofProps {
  /** The log that it is in. */
  readonly stream: 'audit' | 'admin';
  readonly prove: () => Promise<RecordProof>;
  readonly logIndex: number;
  /** The page that the proof stands on; the file lies below it. */
  readonly path: string;
}

/** What proves that something is in its log, or that the proof is not there yet. */
export async function LogProof({ stream, prove, logIndex, path }: LogProofProps) {
  const t = await getTranslations('log.proof');
  const found = await prove().catch((error: unknown) => {
    if (isProblem(error, 'checkpoint_pending')) return null;
    throw error;
  });
  if (found === null) return <Pending stream={stream} logIndex={logIndex} />;
  const { origin, size, root } = readCheckpointText(readNote(found.checkpoint).text);
  const leaf = leafHash(Buffer.from(found.hash, 'hex'));
  const facts: readonly { readonly name: string; readonly text: string; readonly copy?: string }[] = [
    { name: t('logIndex'), text: String(found.logIndex) },
    { name: t('hash'), text: found.hash, copy: t('copy', { what: t('hash') }) },
    { name: t('leaf'), text: Buffer.from(leaf).toString('hex'), copy: t('copy', { what: t('leaf') }) },
    { name: t('covered'), text: t('coveredBy', { size, origin }) },
    { name: t('root'), text: Buffer.from(root).toString('base64'), copy: t('copy', { what: t('root') }) },
    {
      name: t('beside'),
      text: found.proof.length === 0 ? t('alone', { stream }) : found.proof.join('\n'),
    },
    { name: t('checkpoint'), text: found.checkpoint, copy: t('copy', { what: t('checkpoint') }) },
  ];
  return (
    <>
      <dl className="divide-y divide-line text-sm">
        {facts.map(({ name, text, copy }) => (
          <Fact key={name} name={name}>
            <Code text={text} copy={copy} />
          </Fact>
        ))}
      </dl>
      <div className="space-y-3 border-t border-line px-4 py-4 text-sm">
        <p>{t('means', { stream })}</p>
        <p>{t.rich('check', { stream, code })}</p>
        <p className="flex flex-wrap gap-2">
          <a href={`${path}/proof`} className={buttonClasses({ variant: 'secondary' })}>
            {t('download')}
          </a>
          <Link href="/admin/log" prefetch={false} className={buttonClasses({ variant: 'ghost' })}>
            {t('log')}
          </Link>
        </p>
      </div>
    </>
  );
}

async function Pending({ stream, logIndex }: Pick<LogProofProps, 'stream' | 'logIndex'>) {
  const t = await getTranslations('log.proof');
  return (
    <output className="block space-y-2 px-4 py-6 text-sm">
      <p className="font-medium">{t('pending')}</p>
      <p className="text-quiet">
        {t.rich('pendingText', {
          stream,
          index: logIndex,
          log: logLink,
        })}
      </p>
    </output>
  );
}

function code(text: ReactNode) {
  return <code className="font-mono text-xs">{text}</code>;
}

function logLink(text: ReactNode) {
  return (
    <Link href="/admin/log" prefetch={false} className="underline underline-offset-2">
      {text}
    </Link>
  );
}
