import { permissions, roleMay, roleNames } from '@signet/domain/role';
import { Check, Minus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoleWords } from '../../../../components/role-words.tsx';

/** Who may do what: the one table of roles, in words. What no role may do is left to API keys and not shown. */
export function RoleTable() {
  const t = useTranslations('admin');
  const table = useTranslations('members.roles');
  const wordsOf = useRoleWords();
  const shown = permissions.filter((permission) => roleNames.some((role) => roleMay(role, permission)));
  return (
    <>
      {/* A phone is too narrow for the table: there each role has a sentence. */}
      <dl className="divide-y divide-line text-sm md:hidden">
        {roleNames.map((role) => (
          <div key={role} className="px-4 py-3">
            <dt className="font-medium">{t(`role.${role}`)}</dt>
            <dd className="text-quiet">{wordsOf(role)}</dd>
          </div>
        ))}
      </dl>
      <table className="hidden w-full text-sm md:table">
        <thead>
          <tr className="text-left text-xs text-quiet">
            <th scope="col" className="px-4 py-2.5 font-medium">
              {table('may')}
            </th>
            {roleNames.map((role) => (
              <th key={role} scope="col" className="px-3 py-2.5 text-center font-medium last:pr-4">
                {t(`role.${role}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {shown.map((permission) => (
            <tr key={permission}>
              <th scope="row" className="px-4 py-2 text-left font-normal first-letter:uppercase">
                {t(`permission.${permission}`)}
              </th>
              {roleNames.map((role) => {
                const may = roleMay(role, permission);
                const Icon = may ? Check : Minus;
                return (
                  <td key={role} className="px-3 py-2 text-center last:pr-4">
                    <Icon aria-hidden className={may ? 'inline size-4 text-success' : 'inline size-4 text-quiet'} />
                    <span className="sr-only">{table(may ? 'yes' : 'no')}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="border-t border-line px-4 py-2.5 text-xs text-quiet">{table('content')}</p>
    </>
  );
}
