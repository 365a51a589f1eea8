import type { AuditEntry } from '@signet/domain/audit/entry';
import { judgeTouch } from '@signet/domain/audit/touch-verdict';
import { useTranslations } from 'next-intl';
import { plainText } from '../plain-text.ts';

/** What an audit entry says, as a sentence, and whether what it tells of failed or was refused. */
export function useEntryWords(entry: AuditEntry): { readonly what: string; readonly failed: boolean } {
  const t = useTranslations('admin.timeline');
  const failed = entry.operationStatus === 'Failure' || entry.authenticationStatus === 'Failure';
  const value = (name: string) => entry.operationProperties.find((property) => property.name === name)?.value;
  const what = t(`operation.${entry.operation}`, {
    outcome: failed ? 'failure' : 'success',
    delivery: value('Delivery') ?? 'other',
    complete: value('Complete') ?? 'other',
    count: Number(value('Count') ?? value('RecipientCount') ?? entry.recipients.length) || 1,
    file: entry.attachmentName === null ? t('file') : plainText(entry.attachmentName),
    method: entry.authenticationMethod ?? 'OTP',
  });
  return { what, failed };
}

/** Who probably touched a link or asked for a passcode, and why it is thought so; null for steps of which nothing is guessed. */
export function useVerdictWords(entry: AuditEntry): { readonly who: string; readonly why: string } | null {
  const t = useTranslations('admin.timeline.touch');
  const judged = judgeTouch(entry);
  if (judged === null) return null;
  const signs = judged.because.map((sign) => t(`sign.${sign}`)).join('; ');
  return { who: t(`verdict.${judged.verdict}`), why: signs === '' ? t('noSign') : signs };
}
