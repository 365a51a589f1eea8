import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import { useTranslations } from 'next-intl';
import { Badge } from '../../../../components/ui/badge.tsx';

const columns = ['name', 'tracking', 'expiry', 'forwarding', 'signIn'] as const;
const cell = 'block px-4 py-0.5 md:table-cell md:px-3 md:py-3 md:first:pl-4 md:last:pr-4';

/** The branding templates side by side, in what decides about their messages. */
export function TemplateTable({ templates }: { readonly templates: readonly StoredTemplate[] }) {
  const t = useTranslations('admin.settings.templates');
  return (
    <table className="block w-full text-sm md:table">
      <thead className="hidden md:table-header-group">
        <tr className="text-left text-xs text-quiet">
          {columns.map((column) => (
            <th key={column} scope="col" className="px-3 py-2.5 font-medium first:pl-4 last:pr-4">
              {t(`column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {templates.map((template) => (
          <tr key={template.name} className="block py-3 md:table-row md:py-0">
            <td className={cell}>
              <span className="flex flex-wrap items-center gap-2 font-medium break-words">
                <span
                  aria-hidden
                  className="size-3.5 shrink-0 rounded-full border border-edge/60"
                  style={{ backgroundColor: template.backgroundColor ?? 'transparent' }}
                />
                {template.name}
                {template.isDefault ? <Badge>{t('default')}</Badge> : null}
              </span>
            </td>
            <td className={cell}>{template.isDefault ? t('notTracked') : t('tracked')}</td>
            <td className={cell}>
              {template.externalMailExpiryInDays === 0 ? t('never') : t('days', { count: template.externalMailExpiryInDays })}
            </td>
            <td className={cell}>{template.forwardingAllowed ? t('forwarding') : t('noForwarding')}</td>
            <td className={cell}>{template.otpEnabled ? t('otp') : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
