import { permissions, roleMay } from '@signet/domain/role';
import type { Permission, Role } from '@signet/domain/role';
import { useLocale, useTranslations } from 'next-intl';

/** What a role may do in plain words, from the one table of roles: `See the settings, follow messages and …`. */
export function useRoleWords(): (role: Role) => string {
  const t = useTranslations('admin.permission');
  const locale = useLocale();
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return (role) => {
    const words = list.format(permissionsOf(role).map((permission) => t(permission)));
    return `${words.charAt(0).toLocaleUpperCase(locale)}${words.slice(1)}.`;
  };
}

function permissionsOf(role: Role): Permission[] {
  return permissions.filter((permission) => roleMay(role, permission));
}

/** The same on a line of its own. */
export function RoleSentence({ role }: { readonly role: Role }) {
  return <span className="block text-quiet">{useRoleWords()(role)}</span>;
}
