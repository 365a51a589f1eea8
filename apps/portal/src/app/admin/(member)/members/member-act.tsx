'use client';

import type { OrganizationMember } from '@signet/api-contract/members';
import type { Role } from '@signet/domain/role';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActDialog } from '../act-dialog.tsx';
import { changeMember } from './change-members.ts';
import type { MemberChange, MemberRefusal } from './change-members.ts';
import { RoleChoice } from './role-choice.tsx';

export type MemberAct = MemberChange['act'];

/** A member as the list has them. */
export interface ListedMember extends OrganizationMember {
  /** Whether it is who looks at the page. */
  readonly isSelf: boolean;
  /** Whether nobody else administers the organization. */
  readonly isLastAdmin: boolean;
}

interface MemberActDialogProps {
  readonly act: MemberAct;
  readonly member: ListedMember;
  readonly onClose: () => void;
  readonly onDone: (text: string) => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** What the last admin cannot be subjected to. */
const takesAdminAway: readonly MemberAct[] = ['changeRole', 'disable', 'remove'];

const harmless: readonly MemberAct[] = ['changeRole', 'enable', 'resendInvitation', 'sendPasswordReset'];

/** Asks before a member is changed: what will happen to them, and whether it can be undone. */
export function MemberActDialog({ act, member, onClose, onDone, onCloseAutoFocus }: MemberActDialogProps) {
  const t = useTranslations('members');
  const [role, setRole] = useState<Role>(member.role);
  const { email, isSelf } = member;
  const impossible = member.isLastAdmin && takesAdminAway.includes(act);
  return (
    <ActDialog<MemberRefusal>
      open
      onClose={onClose}
      title={t(`act.${act}.title`, { email })}
      description={
        impossible ? (
          t('lastAdmin', { email })
        ) : (
          <>
            <p>{t(`act.${act}.text`, { email })}</p>
            {isSelf && takesAdminAway.includes(act) ? (
              <p className="mt-2 font-medium text-ink">{t(`self.${act === 'changeRole' ? act : 'out'}`)}</p>
            ) : null}
          </>
        )
      }
      submit={t(`act.${act}.submit`)}
      variant={harmless.includes(act) ? 'primary' : 'danger'}
      impossible={impossible}
      act={() => changeMember(act === 'changeRole' ? { act, id: member.id, role } : { act, id: member.id })}
      refused={{
        lastAdmin: t('lastAdmin', { email }),
        memberActive: t('refused.memberActive'),
        memberInvited: t('refused.memberInvited'),
        memberDisabled: t('refused.memberDisabled'),
        noFactor: t('refused.noFactor'),
        tooMany: t('refused.tooMany'),
      }}
      onDone={() => onDone(t(`act.${act}.done`, { email }))}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      {act === 'changeRole' && !impossible ? <RoleChoice value={role} onChange={setRole} /> : null}
    </ActDialog>
  );
}
