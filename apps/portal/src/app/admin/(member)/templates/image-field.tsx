'use client';

import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import Image from 'next/image';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { z } from 'zod';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { removeImage } from './change-template.ts';
import { templatePath } from './template-path.ts';

interface ImageFieldProps {
  readonly template: StoredTemplate | null;
  /** What a new template's picture is taken over from. */
  readonly original: StoredTemplate | null;
  readonly mayChange: boolean;
  /** Told of the template's state after each change. */
  readonly onChanged: (revision: string) => void;
}

const refusals = ['unsupported_media_type', 'validation_failed', 'body_too_large', 'forbidden', 'unauthenticated', 'other'] as const;
type Refusal = (typeof refusals)[number];

const answered = z.object({ revision: z.string().optional(), code: z.string().optional() });

/** The logo. A picture is saved as soon as it is chosen: it is a change of its own. */
export function ImageField({ template, original, mayChange, onChanged }: ImageFieldProps) {
  const t = useTranslations('templates.image');
  const router = useRouter();
  const [said, setSaid] = useState<'saved' | 'removed' | Refusal | null>(null);
  const [pending, startTransition] = useTransition();
  const source = template ?? original;
  const image = source?.image ?? null;

  function upload(file: File) {
    if (template === null) return;
    setSaid(null);
    startTransition(async () => {
      const { revision, code } = await put(`${templatePath(template.name)}/image`, file).catch(() => ({
        revision: undefined,
        code: 'other',
      }));
      startTransition(() => {
        setSaid(revision === undefined ? (refusals.find((refusal) => refusal === code) ?? 'other') : 'saved');
        if (revision === undefined) return;
        onChanged(revision);
        router.refresh();
      });
    });
  }

  function remove() {
    if (template === null) return;
    setSaid(null);
    startTransition(async () => {
      const answer = await removeImage(template.name).catch(() => ({ refusal: 'away' as const }));
      startTransition(() => {
        setSaid(answer.refusal === undefined ? 'removed' : 'other');
        if (answer.refusal === undefined) onChanged(answer.revision);
      });
    });
  }

  return (
    <div className="space-y-1.5" aria-busy={pending}>
      <Label htmlFor="image">{t('label')}</Label>
      {image === null || source === null ? (
        <p className="text-sm text-quiet">{t('none')}</p>
      ) : (
        <span className="inline-block rounded-lg border border-line bg-raised p-3">
          <Image
            unoptimized
            src={`${templatePath(source.name)}/image?${image.sha256.slice(0, 16)}`}
            alt={t('current')}
            width={image.width}
            height={image.height}
          />
        </span>
      )}
      {template === null ? (
        <p className="text-xs text-quiet">{image !== null && original !== null ? t('copied', { name: original.name }) : t('later')}</p>
      ) : mayChange ? (
        <>
          <input
            id="image"
            type="file"
            accept="image/png,image/jpeg,image/bmp,image/tiff,image/gif,image/webp"
            disabled={pending}
            aria-describedby="image-hint"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file) upload(file);
              event.target.value = '';
            }}
            className="block w-full text-sm text-quiet file:mr-3 file:h-10 file:cursor-pointer file:rounded-lg file:border file:border-edge/60 file:bg-surface file:px-4 file:font-medium file:text-ink"
          />
          <p id="image-hint" className="text-xs text-quiet">
            {t('hint')}
          </p>
          {image === null ? null : (
            <Button variant="secondary" size="small" onClick={remove} disabled={pending}>
              {t('remove')}
            </Button>
          )}
        </>
      ) : null}
      <div aria-live="polite">
        {pending ? <p className="text-sm text-quiet">{t('saving')}</p> : null}
        {said === null ? null : said === 'saved' || said === 'removed' ? (
          <Alert tone="success">{t(said)}</Alert>
        ) : (
          <Alert tone="danger">{t(`refused.${said}`)}</Alert>
        )}
      </div>
    </div>
  );
}

async function put(address: string, file: File): Promise<z.infer<typeof answered>> {
  const response = await fetch(address, { method: 'PUT', body: file, headers: { 'content-type': 'application/octet-stream' } });
  return answered.parse(await response.json());
}
