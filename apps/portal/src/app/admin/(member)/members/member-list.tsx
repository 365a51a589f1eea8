'use client';

import { Ellipsis } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { LocalTime } from '../../../../components/local-time.tsx';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { Menu, MenuItem, MenuSeparator, MenuTrigger } from '../../../../components/ui/menu.tsx';
import { InvitationDialog } from './invitation-dialog.tsx';
import { MemberActDialog } from './member-act.tsx';
import type { ListedMember, MemberAct } from './member-act.tsx';

interface MemberListProps {
  readonly members: readonly ListedMember[];
  readonly organization: string;
  /** When the list was made: an invitation is over by it, or not. */
  readonly now: string;
}

const columns = ['member', 'role', 'signIn', 'second'] as const;
const widths = { member: 'w-[38%]', role: 'w-[13%]', signIn: 'w-[19%]', second: '' } as const;
const cell = 'block px-4 py-0.5 align-top md:table-cell md:px-3 md:py-3 md:first:pl-4';

/** Who may come in, and what can be done about it. */
export function MemberList({ members, organization, now }: MemberListProps) {
  const t = useTranslations('members');
  const [asked, setAsked] = useState<{ act: MemberAct; member: ListedMember } | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const status = useRef<HTMLOutputElement>(null);
  const succeeded = useRef(false);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div>
          <h1 className="text-xl font-semibold">{t('title')}</h1>
          <p className="text-sm text-quiet">{t('text', { count: members.length })}</p>
        </div>
        <InvitationDialog organization={organization} onDone={(email) => setDone(t('invite.done', { email }))} />
      </div>
      <output ref={status} tabIndex={-1} className="mt-3 block text-sm wrap-anywhere text-success outline-none empty:hidden">
        {done}
      </output>
      <Card className="mt-4 overflow-hidden">
        <table className="block w-full text-sm md:table md:table-fixed">
          <thead className="hidden md:table-header-group">
            <tr className="text-left text-xs text-quiet">
              {columns.map((column) => (
                <th key={column} scope="col" className={`px-3 py-2.5 font-medium first:pl-4 ${widths[column]}`}>
                  {t(`column.${column}`)}
                </th>
              ))}
              <th scope="col" className="w-16 px-3 py-2.5">
                <span className="sr-only">{t('column.acts')}</span>
              </th>
            </tr>
          </thead>
          <tbody className="block divide-y divide-line border-line md:table-row-group md:border-t">
            {members.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                now={now}
                onAsk={(act) => {
                  setDone(null);
                  succeeded.current = false;
                  setAsked({ act, member });
                }}
              />
            ))}
          </tbody>
        </table>
      </Card>
      {asked === null ? null : (
        <MemberActDialog
          key={`${asked.act} ${asked.member.id}`}
          {...asked}
          onClose={() => setAsked(null)}
          onDone={(text) => {
            succeeded.current = true;
            setDone(text);
            setAsked(null);
          }}
          onCloseAutoFocus={(event) => {
            // A menu opened it, and is gone: the row's button gets the focus back, unless there is something to be read.
            event.preventDefault();
            if (succeeded.current) status.current?.focus();
            else document.querySelector<HTMLElement>(`[data-member="${asked.member.id}"]`)?.focus();
          }}
        />
      )}
    </>
  );
}

interface MemberRowProps {
  readonly member: ListedMember;
  readonly now: string;
  readonly onAsk: (act: MemberAct) => void;
}

function MemberRow({ member, now, onAsk }: MemberRowProps) {
  const t = useTranslations('members');
  const roleNames = useTranslations('admin.role');
  const locale = useLocale();
  const { email, role, state, lastSignInAt, invitationExpiresAt, secondFactors } = member;
  const isOver = invitationExpiresAt !== null && invitationExpiresAt <= now;
  const factors = [
    ...(secondFactors.totp ? [t('second.totp')] : []),
    ...(secondFactors.passkeys > 0 ? [t('second.passkeys', { count: secondFactors.passkeys })] : []),
  ];
  return (
    <tr className="relative block py-3 pr-12 md:static md:table-row md:p-0">
      <td className={cell}>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
          {email}
          {member.isSelf ? <Badge>{t('you')}</Badge> : null}
          {state === 'invited' ? <Badge tone="warning">{t(isOver ? 'state.over' : 'state.invited')}</Badge> : null}
          {state === 'disabled' ? <Badge tone="danger">{t('state.disabled')}</Badge> : null}
        </span>
        {state === 'invited' && invitationExpiresAt !== null ? (
          <span className="block text-xs text-quiet">
            {t.rich(isOver ? 'ranOut' : 'goodUntil', { time: timeTag(invitationExpiresAt, locale, 'short') })}
          </span>
        ) : null}
      </td>
      <td className={cell}>{roleNames(role)}</td>
      <td className={`${cell} text-quiet tabular-nums`}>
        <span className="md:sr-only">{t('column.signIn')}: </span>
        {lastSignInAt === null ? t('never') : <LocalTime at={lastSignInAt} locale={locale} />}
      </td>
      <td className={cell}>
        <span className="text-quiet md:sr-only">{t('column.second')}: </span>
        {factors.length > 0 ? factors.join(', ') : <span className="text-quiet">{t('second.none')}</span>}
      </td>
      <td className="absolute top-2 right-2 md:static md:px-3 md:py-2 md:text-right">
        <MemberMenu member={member} onAsk={onAsk} />
      </td>
    </tr>
  );
}

function MemberMenu({ member, onAsk }: Pick<MemberRowProps, 'member' | 'onAsk'>) {
  const t = useTranslations('members');
  const item = (act: MemberAct, tone?: 'danger') => (
    <MenuItem {...(tone ? { tone } : {})} onSelect={() => onAsk(act)}>
      {t(`act.${act}.item`)}
    </MenuItem>
  );
  const { state, secondFactors } = member;
  const joined = state !== 'invited';
  return (
    <Menu
      trigger={
        <MenuTrigger asChild>
          <Button variant="ghost" size="small" className="w-9 px-0 sm:w-8" data-member={member.id}>
            <Ellipsis aria-hidden />
            <span className="sr-only">{t('actsOf', { email: member.email })}</span>
          </Button>
        </MenuTrigger>
      }
    >
      {joined ? null : item('resendInvitation')}
      {item('changeRole')}
      {state === 'active' ? item('sendPasswordReset') : null}
      {joined ? item('endSessions') : null}
      <MenuSeparator />
      {joined && (secondFactors.totp || secondFactors.passkeys > 0) ? item('resetSecondFactors', 'danger') : null}
      {state === 'active' ? item('disable', 'danger') : null}
      {state === 'disabled' ? item('enable') : null}
      {item('remove', 'danger')}
    </Menu>
  );
}
