import type { candidate } from '@signet/api-contract/problem';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { z } from 'zod';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { subjectText } from '../../../../../components/subject-text.ts';
import { Card } from '../../../../../components/ui/card.tsx';
import { messagePath } from '../../page-address.ts';

/** The messages that share a Message-ID: which one was meant only the visitor knows. */
export function CandidateList({ candidates }: { readonly candidates: readonly z.infer<typeof candidate>[] }) {
  const t = useTranslations('admin');
  const locale = useLocale();
  return (
    <>
      <h1 className="text-xl font-semibold">{t('candidates.title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t('candidates.text')}</p>
      <Card className="mt-4 overflow-hidden">
        <ul className="divide-y divide-line">
          {candidates.map(({ id, subject, sender, acceptedAt }) => (
            <li key={id} className="relative px-4 py-3 text-sm hover:bg-raised">
              <Link href={messagePath(id)} prefetch={false} className="font-medium break-words after:absolute after:inset-0">
                {subjectText(subject, {
                  hidden: t('messages.subjectHidden'),
                  none: t('messages.noSubject'),
                  hashed: t('messages.subjectHashed'),
                })}
              </Link>
              <p className="text-quiet">
                {plainText(sender)} · <LocalTime at={acceptedAt} locale={locale} />
              </p>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
