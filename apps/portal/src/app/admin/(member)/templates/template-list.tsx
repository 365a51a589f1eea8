import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../components/local-time.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { CardCell, CardRow, CardTable } from '../../../../components/ui/card-table.tsx';
import { templatePath } from './template-path.ts';

interface TemplateListProps {
  readonly templates: readonly StoredTemplate[];
  readonly locale: string;
}

/** The templates side by side. */
export function TemplateList({ templates, locale }: TemplateListProps) {
  const t = useTranslations('templates');
  if (templates.length === 0) return <p className="p-6 text-sm text-quiet">{t('empty')}</p>;
  const columns = (['name', 'rules', 'terms', 'changed'] as const).map((name) => ({ name, label: t(`column.${name}`) }));
  return (
    <CardTable caption={t('list')} columns={columns}>
      {templates.map((template) => (
        <CardRow key={template.name}>
          <CardCell>
            <span className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
              <span
                aria-hidden
                className="size-3.5 shrink-0 rounded-full border border-edge/60"
                style={{ backgroundColor: template.backgroundColor ?? 'transparent' }}
              />
              <Link href={templatePath(template.name)} prefetch={false} className="text-primary underline-offset-4 hover:underline">
                {template.name}
              </Link>
              {template.isDefault ? (
                <>
                  <Badge>{t('default')}</Badge>
                  <Badge tone="warning">{t('notTracked')}</Badge>
                </>
              ) : null}
            </span>
          </CardCell>
          <CardCell label={t('column.rules')} className="wrap-anywhere">
            {template.usedByRules.length === 0 ? (
              <span className="text-quiet">{t('noRule')}</span>
            ) : (
              template.usedByRules.map(({ name }) => name).join(', ')
            )}
          </CardCell>
          <CardCell label={t('column.terms')}>
            {template.externalMailExpiryInDays === 0 ? t('never') : t('days', { count: template.externalMailExpiryInDays })}
            {template.forwardingAllowed ? null : <span className="block text-quiet">{t('noForwarding')}</span>}
          </CardCell>
          <CardCell label={t('column.changed')}>
            <LocalTime at={template.updatedAt} locale={locale} />
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
  );
}
