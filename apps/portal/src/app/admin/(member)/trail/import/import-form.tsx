'use client';

import { auditImport, type AuditImport } from '@signet/api-contract/audit-imports';
import type { RecordPiece } from '@signet/domain/audit/record-pieces';
import { useFormatter, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Button } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { Label } from '../../../../../components/ui/label.tsx';
import { ImportReport } from './import-report.tsx';
import { readRecords, type ReadFault } from './read-records.ts';

/** Bytes of a file that a browser reads at once without trouble. */
const LARGEST = 256 * 1024 * 1024;
/** Refused records that are shown. */
const SHOWN = 500;

const refusals = ['body_too_large', 'validation_failed', 'forbidden', 'unauthenticated', 'too_many_requests', 'other'] as const;
type Refusal = (typeof refusals)[number];
const problem = z.object({ code: z.string() });

/** How far an import has come. */
interface Progress {
  readonly pieces: readonly RecordPiece[];
  /** Pieces that are done: where to go on. */
  readonly done: number;
  readonly total: Pick<AuditImport, 'records' | 'accepted' | 'duplicates' | 'refused'>;
  readonly refusals: AuditImport['refusals'];
}

/** A file that is read here and sent piece by piece. What broke off goes on where it was, and a file that is sent again is not taken twice. */
export function ImportForm() {
  const t = useTranslations('imports');
  const format = useFormatter();
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [fault, setFault] = useState<'none' | 'tooLarge' | ReadFault | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWorking, setWorking] = useState(false);

  async function begin() {
    const [file] = input.current?.files ?? [];
    const wrong = file === undefined ? 'none' : file.size > LARGEST ? 'tooLarge' : null;
    setFault(wrong);
    if (wrong !== null || file === undefined) return input.current?.focus();
    setProgress(null);
    setRefusal(null);
    setWorking(true);
    const pieces = await readRecords(file);
    if (typeof pieces === 'string') {
      setWorking(false);
      return setFault(pieces);
    }
    const total = { records: 0, accepted: 0, duplicates: 0, refused: 0 };
    return goOn({ pieces, done: 0, total, refusals: [] });
  }

  async function goOn(from: Progress) {
    setRefusal(null);
    setWorking(true);
    let now = from;
    setProgress(now);
    for (const piece of from.pieces.slice(from.done)) {
      const report = piece.report ?? (await send(piece).catch(() => 'other' as const));
      if (typeof report === 'string') {
        setRefusal(report);
        break;
      }
      now = {
        ...now,
        done: now.done + 1,
        total: {
          records: now.total.records + report.records,
          accepted: now.total.accepted + report.accepted,
          duplicates: now.total.duplicates + report.duplicates,
          refused: now.total.refused + report.refused,
        },
        refusals: [...now.refusals, ...report.refusals].slice(0, SHOWN),
      };
      setProgress(now);
    }
    setWorking(false);
    // The list below learns of what came to its end. Where Signet did not answer it would not now: the way on must stay.
    if (now.done === now.pieces.length) router.refresh();
  }

  const isDone = progress !== null && progress.done === progress.pieces.length;
  return (
    <>
      <Card className="mt-4 max-w-2xl space-y-4 p-4 sm:p-5">
        <form
          noValidate
          aria-busy={isWorking}
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void begin();
          }}
        >
          <div className="space-y-1.5">
            <Label htmlFor="records">{t('file')}</Label>
            <input
              ref={input}
              id="records"
              type="file"
              accept=".csv,.json,.jsonl,.ndjson,text/csv,application/x-ndjson,application/json"
              disabled={isWorking}
              aria-invalid={fault !== null}
              aria-describedby={fault === null ? 'records-hint' : 'records-hint records-error'}
              className="block w-full text-sm text-quiet file:mr-3 file:h-10 file:cursor-pointer file:rounded-lg file:border file:border-edge/60 file:bg-surface file:px-4 file:font-medium file:text-ink"
            />
            <p id="records-hint" className="text-xs text-quiet">
              {t('hint')}
            </p>
            <div aria-live="polite">
              {fault === null ? null : (
                <p id="records-error" className="text-sm text-danger">
                  {t(fault)}
                </p>
              )}
            </div>
          </div>
          <Button type="submit" disabled={isWorking}>
            {t(isWorking ? 'working' : 'start')}
          </Button>
        </form>
        {progress === null ? null : (
          <div className="flex items-center gap-3 text-sm">
            <progress
              className="h-2 w-full appearance-none overflow-hidden rounded-full bg-raised [&::-moz-progress-bar]:bg-primary [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-primary"
              aria-label={t('progress')}
              value={progress.done}
              max={progress.pieces.length}
            />
            <span className="shrink-0 text-quiet">
              {t('sent', { percent: format.number(progress.done / progress.pieces.length, { style: 'percent' }) })}
            </span>
          </div>
        )}
        <div aria-live="polite" className="space-y-2 empty:hidden">
          {refusal === null ? null : <Alert tone="danger">{t(`refused.${refusal}`)}</Alert>}
          {isDone ? <Alert tone="success">{t('done')}</Alert> : null}
        </div>
        {refusal === null || progress === null || isDone ? null : (
          <Button variant="secondary" onClick={() => void goOn(progress)}>
            {t('goOn')}
          </Button>
        )}
      </Card>
      {progress === null || progress.done === 0 ? null : <ImportReport {...progress.total} refusals={progress.refusals} more={t('more')} />}
    </>
  );
}

/** @returns the report of a piece, or why it was not taken. */
async function send({ text, lineOffset }: RecordPiece): Promise<AuditImport | Refusal> {
  const response = await fetch(`/admin/trail/import/records?lineOffset=${lineOffset}`, {
    method: 'PUT',
    body: text,
    headers: { 'content-type': 'application/octet-stream' },
  });
  const answer: unknown = await response.json();
  if (response.ok) return auditImport.parse(answer);
  const { code } = problem.parse(answer);
  return refusals.find((known) => known === code) ?? 'other';
}
