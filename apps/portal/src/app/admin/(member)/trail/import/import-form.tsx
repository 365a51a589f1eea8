'use client';

import { auditImport } from '@signet/api-contract/audit-imports';
import { recordPieces, type RecordPiece } from '@signet/domain/audit/record-pieces';
import { useFormatter, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Button } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { Label } from '../../../../../components/ui/label.tsx';

/** Characters of one piece: far below what the api takes, however they are encoded, and often enough for whoever watches. */
const PIECE = 1024 * 1024;
/** Bytes of a file that a browser reads at once without trouble. */
const LARGEST = 256 * 1024 * 1024;
/** Refused records that are shown. */
const SHOWN = 500;

const refusals = ['body_too_large', 'validation_failed', 'forbidden', 'unauthenticated', 'too_many_requests', 'other'] as const;
type Refusal = (typeof refusals)[number];
const counts = ['records', 'accepted', 'duplicates', 'refused'] as const;
const problem = z.object({ code: z.string() });

/** How far an import has come. */
interface Progress {
  readonly pieces: readonly RecordPiece[];
  /** Pieces that are done: where to go on. */
  readonly done: number;
  readonly total: Readonly<Record<(typeof counts)[number], number>>;
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
}

/** A file that is read here and sent piece by piece. What broke off goes on where it was, and a file that is sent again is not taken twice. */
export function ImportForm() {
  const t = useTranslations('imports');
  const format = useFormatter();
  const input = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [fault, setFault] = useState<'none' | 'tooLarge' | 'unreadable' | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWorking, setWorking] = useState(false);

  async function begin() {
    const [file] = input.current?.files ?? [];
    const wrong = file === undefined ? 'none' : file.size > LARGEST ? 'tooLarge' : null;
    setFault(wrong);
    if (wrong !== null || file === undefined) return input.current?.focus();
    const text = await file.text().catch(() => null);
    if (text === null) return setFault('unreadable');
    const pieces: RecordPiece[] = [];
    for await (const piece of recordPieces([text], PIECE)) pieces.push(piece);
    const total = { records: 0, accepted: 0, duplicates: 0, refused: 0 };
    return goOn({ pieces, done: 0, total, refused: [] });
  }

  async function goOn(from: Progress) {
    setRefusal(null);
    setWorking(true);
    let now = from;
    setProgress(now);
    for (const piece of from.pieces.slice(from.done)) {
      const report = piece.report ?? (await send(piece.text).catch(() => 'other' as const));
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
        refused: [...now.refused, ...report.refusals.map(({ line, reason }) => ({ line: piece.lineOf(line), reason }))].slice(0, SHOWN),
      };
      setProgress(now);
    }
    setWorking(false);
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
      {progress === null || progress.done === 0 ? null : <Report {...progress} />}
    </>
  );
}

function Report({ total, refused }: Progress) {
  const t = useTranslations('imports');
  const format = useFormatter();
  return (
    <Card className="mt-4 max-w-2xl overflow-hidden">
      <h2 className="px-4 pt-4 text-base font-semibold sm:px-5">{t('report')}</h2>
      <dl className="grid grid-cols-2 gap-4 p-4 text-sm sm:grid-cols-4 sm:px-5">
        {counts.map((name) => (
          <div key={name}>
            <dt className="text-quiet">{t(`count.${name}`)}</dt>
            <dd className="text-lg font-semibold">{format.number(total[name])}</dd>
          </div>
        ))}
      </dl>
      {refused.length === 0 ? null : (
        <table className="w-full border-t border-line text-left text-sm">
          <caption className="sr-only">{t('refusals')}</caption>
          <thead className="text-quiet">
            <tr>
              <th scope="col" className="px-4 py-2 font-medium sm:px-5">
                {t('line')}
              </th>
              <th scope="col" className="px-4 py-2 font-medium sm:px-5">
                {t('reason')}
              </th>
            </tr>
          </thead>
          <tbody>
            {refused.map(({ line, reason }) => (
              <tr key={line} className="border-t border-line align-top">
                <td className="px-4 py-2 tabular-nums sm:px-5">{format.number(line)}</td>
                <td className="px-4 py-2 wrap-anywhere sm:px-5">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {total.refused > refused.length ? <p className="border-t border-line px-4 py-3 text-xs text-quiet sm:px-5">{t('more')}</p> : null}
    </Card>
  );
}

/** @returns the report of a piece, or why it was not taken. */
async function send(text: string): Promise<z.infer<typeof auditImport> | Refusal> {
  const response = await fetch('/admin/trail/import/records', {
    method: 'PUT',
    body: text,
    headers: { 'content-type': 'application/octet-stream' },
  });
  const answer: unknown = await response.json();
  if (response.ok) return auditImport.parse(answer);
  const { code } = problem.parse(answer);
  return refusals.find((known) => known === code) ?? 'other';
}
