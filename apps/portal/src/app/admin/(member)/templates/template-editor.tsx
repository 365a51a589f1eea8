'use client';

import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import type { FieldError } from '@signet/api-contract/problem';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useTransition } from 'react';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { addressOf } from '../page-address.ts';
import { changeTemplate, createTemplate, sendSample } from './change-template.ts';
import type { TemplateRefusal } from './change-template.ts';
import { changedFields, draftOf, fieldsOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { RemovalDialog } from './removal-dialog.tsx';
import type { SampleTexts } from './sample-texts.ts';
import { TemplateFields } from './template-fields.tsx';
import { templatePath } from './template-path.ts';
import { TemplatePreview } from './template-preview.tsx';

interface TemplateEditorProps {
  /** Null: a new one. */
  readonly template: StoredTemplate | null;
  /** What a new one begins as. */
  readonly original: StoredTemplate | null;
  readonly mayChange: boolean;
  readonly sample: SampleTexts;
}

type Said = { readonly tone: 'success' | 'note'; readonly text: string } | { readonly tone: 'danger'; readonly refusal: TemplateRefusal };

/** A template's fields beside what they make. What is typed stays until it is saved, whatever the api says to it. */
export function TemplateEditor({ template, original, mayChange, sample }: TemplateEditorProps) {
  const t = useTranslations('templates');
  const router = useRouter();
  const isDefault = template?.isDefault ?? false;
  const [saved, setSaved] = useState<Draft>(() => draftOf(template ?? original, template?.name ?? ''));
  const [revision, setRevision] = useState(template?.revision ?? null);
  const [draft, setDraft] = useState(saved);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  // The preview, which has the last word on the other fields, is told no name.
  const [ofName, setOfName] = useState<readonly FieldError[]>([]);
  const [said, setSaid] = useState<Said | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const [removing, setRemoving] = useState(false);
  const [pending, startTransition] = useTransition();
  const changes = changedFields(saved, draft, isDefault);
  const isChanged = Object.keys(changes).length > 0 || (template === null && draft.name !== saved.name);

  useEffect(() => {
    if (!isChanged) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isChanged]);

  useEffect(() => {
    if (said?.tone === 'danger') form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [said]);

  function save(state: string | null) {
    setSaid(null);
    startTransition(async () => {
      const away = { refusal: 'away', errors: [] } as const;
      const answer = await (
        template === null
          ? createTemplate(draft.name, original?.name, fieldsOf(draft, false))
          : changeTemplate(template.name, state, changes)
      ).catch(() => away);
      startTransition(() => {
        if (answer.refusal !== undefined) {
          setErrors(answer.errors);
          setOfName(answer.errors.filter(({ pointer }) => pointer === '/name'));
          setSaid({ tone: 'danger', refusal: answer.refusal });
          return;
        }
        setErrors([]);
        setOfName([]);
        setSaved(draft);
        setRevision(answer.revision);
        if (template === null) router.push(templatePath(answer.name));
        else setSaid({ tone: 'success', text: t(isChanged ? 'saved' : 'unchanged') });
      });
    });
  }

  function sendTest(name: string) {
    setSaid(null);
    startTransition(async () => {
      const answer = await sendSample(name).catch(() => ({ refusal: 'away' }) as const);
      startTransition(() =>
        setSaid(
          'to' in answer ? { tone: 'success', text: t('sampleSent', { to: answer.to }) } : { tone: 'danger', refusal: answer.refusal },
        ),
      );
    });
  }

  return (
    <div className="mt-4 grid gap-6 xl:grid-cols-[minmax(0,25rem)_minmax(0,1fr)]">
      <form
        ref={form}
        noValidate
        aria-busy={pending}
        onSubmit={(event) => {
          event.preventDefault();
          save(revision);
        }}
        className="space-y-4"
      >
        {mayChange ? null : <Alert>{t('readOnly')}</Alert>}
        <TemplateFields
          draft={draft}
          setDraft={setDraft}
          errors={[...ofName, ...errors]}
          mayChange={mayChange}
          template={template}
          original={original}
          onImage={setRevision}
        />
        <div aria-live="polite" className="space-y-2">
          {said === null ? null : <Alert tone={said.tone}>{'text' in said ? said.text : t(`refused.${said.refusal}`)}</Alert>}
          {said !== null && 'refusal' in said && said.refusal === 'changedMeanwhile' ? (
            <Button variant="secondary" onClick={() => save(null)}>
              {t('overwrite')}
            </Button>
          ) : null}
        </div>
        {mayChange ? (
          <div className="flex flex-wrap gap-2">
            <Button type="submit" disabled={pending}>
              {t(pending ? 'saving' : template === null ? 'create' : 'save')}
            </Button>
            {template === null ? null : (
              <>
                <Button variant="secondary" onClick={() => sendTest(template.name)} disabled={pending} title={t('saveFirst')}>
                  {t('sample')}
                </Button>
                <Link
                  href={addressOf('/admin/templates/new', { from: template.name })}
                  prefetch={false}
                  className={buttonClasses({ variant: 'secondary' })}
                >
                  {t('duplicate')}
                </Link>
                <Button variant="ghost" className="text-danger" onClick={() => setRemoving(true)}>
                  {t('remove')}
                </Button>
              </>
            )}
          </div>
        ) : null}
      </form>
      <TemplatePreview
        draft={draft}
        name={template?.name ?? original?.name ?? 'New'}
        isDefault={isDefault}
        sample={sample}
        imageKey={revision ?? ''}
        onErrors={setErrors}
      />
      {template !== null && removing ? (
        <RemovalDialog
          template={template}
          onClose={() => setRemoving(false)}
          onDone={() => {
            setSaved(draft);
            router.push('/admin/templates');
          }}
        />
      ) : null}
    </div>
  );
}
