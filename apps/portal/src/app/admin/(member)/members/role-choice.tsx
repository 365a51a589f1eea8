'use client';

import { roleNames } from '@signet/domain/role';
import type { Role } from '@signet/domain/role';
import { useTranslations } from 'next-intl';
import { useRoleWords } from '../../../../components/role-words.tsx';

interface RoleChoiceProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** One of the roles, each with what it may do. */
export function RoleChoice({ value, onChange }: RoleChoiceProps) {
  const t = useTranslations('admin.role');
  const legend = useTranslations('members')('role');
  const wordsOf = useRoleWords();
  return (
    <fieldset>
      <legend className="text-sm font-medium">{legend}</legend>
      <div className="mt-1.5 divide-y divide-line overflow-hidden rounded-lg border border-line">
        {roleNames.map((role) => (
          <div key={role} className="px-3.5 py-2.5 text-sm has-checked:bg-raised">
            <label className="flex cursor-pointer items-center gap-3 font-medium">
              <input
                type="radio"
                name="role"
                value={role}
                checked={role === value}
                onChange={() => onChange(role)}
                aria-describedby={`role-${role}`}
                className="size-4 shrink-0 accent-primary"
              />
              {t(role)}
            </label>
            <p id={`role-${role}`} className="pl-7 text-quiet">
              {wordsOf(role)}
            </p>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
