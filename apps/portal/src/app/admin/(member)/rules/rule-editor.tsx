'use client';

import { mailRuleSchema } from '@signet/domain/mail-rule';
import type { MailRule } from '@signet/domain/mail-rule';
import { mailRuleSummary } from '@signet/domain/mail-rule-summary';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { isActRefusal } from '../act-refusal.ts';
import { saveRule } from './change-rules.ts';
import type { RuleRefusal } from './change-rules.ts';
import { PartList } from './part-list.tsx';
import { actionKinds, conditionKinds, draftOf, kindsOf, valueOf } from './rule-kinds.ts';
import type { Draft } from './rule-kinds.ts';

interface RuleEditorProps {
  /** Null: it is a new one. */
  readonly id: string | null;
  readonly rule: MailRule | null;
  readonly templates: readonly string[];
  readonly groups: readonly string[];
}

const away: RuleRefusal = { refusal: 'away', errors: [] };
const conditions = kindsOf(conditionKinds);
const exceptions = conditions.filter((kind) => kind !== 'always');
const actions = kindsOf(actionKinds);

/** Everything that a rule says, and, while it is typed, what it will do. What is wrong is said at its field, and nothing that was typed is lost. */
export function RuleEditor({ id, rule, templates, groups }: RuleEditorProps) {
  const t = useTranslations('rules.editor');
  const acts = useTranslations('account.refused');
  const confirm = useConfirmation();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(rule?.name ?? '');
  const [stop, setStop] = useState(rule?.stop ?? true);
  const [parts, setParts] = useState<Readonly<Record<'conditions' | 'exceptions' | 'actions', readonly Draft[]>>>({
    conditions: rule?.conditions.map(draftOf) ?? [{ key: 0, kind: 'subjectContains', texts: {} }],
    exceptions: rule?.exceptions.map(draftOf) ?? [],
    actions: rule?.actions.map(draftOf) ?? [{ key: 0, kind: 'applyTemplate', texts: {} }],
  });
  const [refused, setRefused] = useState<RuleRefusal | null>(null);
  const [mended, setMended] = useState<readonly string[]>([]);
  const [pending, startTransition] = useTransition();
  const typed = {
    name,
    enabled: rule?.enabled ?? true,
    stop,
    conditions: parts.conditions.map(valueOf),
    exceptions: parts.exceptions.map(valueOf),
    actions: parts.actions.map(valueOf),
  };
  const whole = mailRuleSchema.safeParse({ ...typed, name: name.trim() === '' ? 'unnamed' : name });
  // What has been changed since is no longer what was refused.
  const errors =
    refused?.errors.filter(({ pointer }) => !mended.some((field) => pointer === field || pointer.startsWith(`${field}/`))) ?? [];
  useEffect(() => {
    if (refused?.refusal === 'fields') form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [refused]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefused(null);
    setMended([]);
    startTransition(async () => {
      // JSON leaves out what was not typed at all, and the answer names it.
      const given: unknown = JSON.parse(JSON.stringify(typed));
      const answer = await confirm(() => saveRule({ id, rule: given }).catch(() => away));
      startTransition(() => (answer === null ? router.push('/admin/rules') : setRefused(answer)));
    });
  }

  const list = (which: keyof typeof parts, kinds: Parameters<typeof PartList>[0]['kinds']) => (
    <PartList
      name={which}
      kinds={kinds}
      parts={parts[which]}
      templates={templates}
      groups={groups}
      errors={errors}
      onChange={(changed) => {
        setParts({ ...parts, [which]: changed });
        setMended([...mended, ...changedParts(which, parts[which], changed)]);
      }}
    />
  );

  return (
    <form ref={form} onSubmit={submit} noValidate className="mt-4 space-y-4">
      <Card className="space-y-6 p-4 sm:p-5">
        <Field
          id="rule-name"
          label={t('name')}
          hint={t('nameHint')}
          autoComplete="off"
          maxLength={200}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setMended([...mended, '/name']);
          }}
          error={errors.find(({ pointer }) => pointer === '/name')?.detail ?? null}
        />
        {list('conditions', conditions)}
        {list('exceptions', exceptions)}
        {list('actions', actions)}
        <div className="flex items-start gap-3">
          <input
            id="rule-stop"
            type="checkbox"
            checked={stop}
            onChange={(event) => setStop(event.target.checked)}
            aria-describedby="rule-stop-hint"
            className="mt-1 size-4 shrink-0 accent-primary"
          />
          <div className="text-sm">
            <label htmlFor="rule-stop" className="font-medium">
              {t('stop')}
            </label>
            <p id="rule-stop-hint" className="text-xs text-quiet">
              {t('stopHint')}
            </p>
          </div>
        </div>
      </Card>
      <Card className="p-4 sm:p-5">
        <h2 className="text-sm font-semibold">{t('inWords')}</h2>
        <p className="mt-1 text-sm break-words">{whole.success ? mailRuleSummary(whole.data) : t('notYet')}</p>
      </Card>
      <div aria-live="assertive">
        {refused !== null && isActRefusal(refused.refusal) ? <Alert tone="danger">{acts(refused.refusal)}</Alert> : null}
        {errors.length > 0 ? <Alert tone="danger">{t('wrong', { count: errors.length })}</Alert> : null}
      </div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row">
        <Link href="/admin/rules" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
          {t('cancel')}
        </Link>
        <Button type="submit" disabled={pending}>
          {t(id === null ? 'create' : 'save')}
        </Button>
      </div>
    </form>
  );
}

/** Pointers (RFC 6901) to the parts of a list that are not what they were; to the list itself where places have shifted. */
function changedParts(which: string, before: readonly Draft[], after: readonly Draft[]): string[] {
  if (before.length !== after.length) return [`/${which}`];
  return after.flatMap((part, index) => (part === before[index] ? [] : [`/${which}/${index}`]));
}
