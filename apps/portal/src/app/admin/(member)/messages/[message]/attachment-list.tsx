import type { Message } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import { plainText } from '../../../../../components/plain-text.ts';
import { sizeText } from '../../../../../components/size-text.ts';
import { Section } from '../../section.tsx';

type AttachmentListProps = Pick<Message, 'attachments' | 'originalOnly'>;

/** Names and fingerprints of the attachments; what is in them nobody sees here. */
export function AttachmentList({ attachments, originalOnly }: AttachmentListProps) {
  const t = useTranslations('admin.attachments');
  const locale = useLocale();
  if (attachments.length === 0 && !originalOnly) return null;
  return (
    <Section id="attachments" title={t('title', { count: attachments.length })}>
      {originalOnly ? <p className="px-4 py-3 text-sm text-quiet">{t('originalOnly')}</p> : null}
      <ul className="divide-y divide-line text-sm">
        {attachments.map(({ name, contentType, size, sha256 }, index) => (
          <li key={`${index} ${sha256}`} className="px-4 py-3">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium break-all">{name === null ? t('unnamed') : plainText(name)}</span>
              <span className="text-quiet">
                {plainText(contentType)} · <span title={t('bytes', { count: size })}>{sizeText(size, locale)}</span>
              </span>
            </p>
            <p className="mt-0.5 text-xs text-quiet">
              SHA-256 <code className="font-mono break-all">{sha256}</code>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
