import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import type { Member } from '@signet/api-contract/sessions';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Section } from '../section.tsx';
import { MemberList } from './member-list.tsx';
import { RequirementSwitch } from './requirement-switch.tsx';
import { RoleTable } from './role-table.tsx';

export async function generateMetadata() {
  const t = await getTranslations('members');
  return { title: t('title') };
}

export default async function MembersPage() {
  const { member, api } = await requireMember('/admin/members');
  if (!roleMay(member.role, 'members:write')) notFound();
  const t = await getTranslations('members');
  return (
    <>
      <Suspense
        fallback={
          <>
            <h1 className="text-xl font-semibold">{t('title')}</h1>
            <Card className="mt-4">
              <LoadingRows rows={4} />
            </Card>
          </>
        }
      >
        <Members api={api} self={member} />
      </Suspense>
      <Section id="roles" title={t('roles.title')} note={t('roles.note')}>
        <RoleTable />
      </Section>
    </>
  );
}

async function Members({ api, self }: { readonly api: Client; readonly self: Member }) {
  const [{ items }, { requireSecondFactor }] = await Promise.all([api.call(routes.listMembers), api.call(routes.getConfiguration)]);
  const admins = items.filter(({ role, state }) => role === 'admin' && state === 'active');
  const without = items.filter(({ state, secondFactors }) => state === 'active' && !secondFactors.totp && secondFactors.passkeys === 0);
  return (
    <>
      <MemberList
        members={items.map((each) => ({
          ...each,
          isSelf: each.id === self.id,
          isLastAdmin: admins.length === 1 && admins[0]?.id === each.id,
        }))}
        organization={self.organizationName}
        now={new Date().toISOString()}
      />
      <Card className="mt-4">
        <RequirementSwitch
          on={requireSecondFactor}
          mayChange={roleMay(self.role, 'configuration:write')}
          without={without.length}
          isSelfWithout={without.some(({ id }) => id === self.id)}
        />
      </Card>
    </>
  );
}
