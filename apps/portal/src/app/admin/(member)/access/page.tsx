import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { permissions, roleMay } from '@signet/domain/role';
import type { Role } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { CredentialSection } from './credential-section.tsx';
import { DomainSection } from './domain-section.tsx';

export async function generateMetadata() {
  const t = await getTranslations('access');
  return { title: t('title') };
}

export default async function AccessPage() {
  const { member, api } = await requireMember('/admin/access');
  const seesKeys = roleMay(member.role, 'members:write');
  if (!seesKeys && !roleMay(member.role, 'configuration:read')) notFound();
  const t = await getTranslations('access');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm text-quiet">{t('text')}</p>
      {seesKeys ? (
        <Suspense fallback={<Loading title={t('apiKey.title')} />}>
          <ApiKeys api={api} role={member.role} />
        </Suspense>
      ) : null}
      <Suspense fallback={<Loading title={t('smtp.title')} />}>
        <SmtpCredentials api={api} role={member.role} />
      </Suspense>
      <Suspense fallback={<Loading title={t('trust.title')} />}>
        <SubmissionTrusts api={api} role={member.role} />
      </Suspense>
      <Suspense fallback={<Loading title={t('domain.title')} />}>
        <Domains api={api} role={member.role} />
      </Suspense>
    </>
  );
}

function Loading({ title }: { readonly title: string }) {
  return (
    <section className="mt-8">
      <h2 className="text-base font-semibold">{title}</h2>
      <Card className="mt-3">
        <LoadingRows rows={3} />
      </Card>
    </section>
  );
}

interface ListProps {
  readonly api: Client;
  readonly role: Role;
}

async function ApiKeys({ api, role }: ListProps) {
  const { items } = await api.call(routes.listApiKeys);
  return (
    <CredentialSection
      kind="apiKey"
      credentials={items.map(({ hint, ...key }) => ({ ...key, mark: hint }))}
      // Nobody can give what they may not do themselves.
      scopes={permissions.filter((permission) => roleMay(role, permission))}
      mayChange
    />
  );
}

async function SmtpCredentials({ api, role }: ListProps) {
  const { items } = await api.call(routes.listSmtpCredentials);
  return (
    <CredentialSection
      kind="smtp"
      credentials={items.map(({ username, ...credential }) => ({ ...credential, mark: username, scopes: null }))}
      scopes={[]}
      mayChange={roleMay(role, 'configuration:write')}
    />
  );
}

async function SubmissionTrusts({ api, role }: ListProps) {
  const [{ items }, t] = await Promise.all([api.call(routes.listSubmissionTrusts), getTranslations('access.trust')]);
  return (
    <CredentialSection
      kind="trust"
      credentials={items.map(({ value, requiredHeader, ...trust }) => ({
        ...trust,
        mark: requiredHeader === null ? value : t('mark', { value, header: requiredHeader }),
        scopes: null,
      }))}
      scopes={[]}
      mayChange={roleMay(role, 'configuration:write')}
    />
  );
}

async function Domains({ api, role }: ListProps) {
  const { items } = await api.call(routes.listDomains);
  return <DomainSection domains={items} mayChange={roleMay(role, 'configuration:write')} />;
}
