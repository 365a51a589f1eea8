'use client';

import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import { useTranslations } from 'next-intl';
import { ActDialog } from '../act-dialog.tsx';
import { removeTemplate } from './change-template.ts';

interface RemovalDialogProps {
  readonly template: StoredTemplate;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before a template goes: what that means for rules and for messages that were sent, or why it cannot. */
export function RemovalDialog({ template, onClose, onDone }: RemovalDialogProps) {
  const t = useTranslations('templates.removal');
  const rules = template.usedByRules.map((rule) => `“${rule.name}”`).join(', ');
  const impossible = template.isDefault || rules !== '';
  return (
    <ActDialog<'inUse'>
      open
      onClose={onClose}
      title={t('title', { name: template.name })}
      description={template.isDefault ? t('default') : rules === '' ? t('text') : t('inUse', { rules })}
      submit={t('submit')}
      impossible={impossible}
      act={() => removeTemplate(template.name)}
      refused={{ inUse: t('inUseMeanwhile') }}
      onDone={onDone}
    />
  );
}
