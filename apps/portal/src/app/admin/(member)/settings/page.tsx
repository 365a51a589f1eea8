import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Section } from '../section.tsx';
import { BounceDomain } from './bounce-domain.tsx';
import { DiskForecast } from './disk-forecast.tsx';
import { ExpirySettings } from './expiry-settings.tsx';
import { Limits } from './limits.tsx';
import { MailLanguageChoice } from './mail-language-choice.tsx';
import { NextHops } from './next-hops.tsx';
import { RecordingChoice } from './recording-choice.tsx';
import { SenderNotices } from './sender-notices.tsx';
import { SettingSwitch } from './setting-switch.tsx';

export async function generateMetadata() {
  const t = await getTranslations('admin.settings');
  return { title: t('title') };
}

export default async function SettingsPage() {
  const { member, api } = await requireMember('/admin/settings');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const configuration = await api.call(routes.getConfiguration);
  const { enablePortalTrackingLogs, notifySenders } = configuration;
  const { notifyFirstOpening, notifyUnreadAfterDays, notifyBounced, notifyExpiredUnread, notifyRefusedAfterRevocation } = configuration;
  const { recordedClientIp, recordedUserAgent, recordedSubject } = configuration;
  const mayChange = roleMay(member.role, 'configuration:write');
  const t = await getTranslations('admin.settings');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <Card className="mt-4 p-4 sm:p-5">
        <SettingSwitch setting="tracking" on={enablePortalTrackingLogs} mayChange={mayChange} />
      </Card>
      <Section id="sender-notices" title={t('senderNotices.title')} note={t('senderNotices.note')}>
        <div className="p-4 sm:p-5">
          <SettingSwitch setting="notices" on={notifySenders} mayChange={mayChange} />
        </div>
        <SenderNotices
          configuration={{ notifyFirstOpening, notifyUnreadAfterDays, notifyBounced, notifyExpiredUnread, notifyRefusedAfterRevocation }}
          mayChange={mayChange}
        />
      </Section>
      <Section id="languages" title={t('languages.title')} note={t('languages.note')}>
        <MailLanguageChoice languages={configuration.mailLanguages} mayChange={mayChange} />
      </Section>
      <Section id="privacy" title={t('privacy.title')} note={t('privacy.note')}>
        <RecordingChoice policy={{ recordedClientIp, recordedUserAgent, recordedSubject }} mayChange={mayChange} />
      </Section>
      <Section id="limits" title={t('limits.title')} note={t('limits.note')}>
        <Limits maxMessageBytes={configuration.maxMessageBytes} maxRecipients={configuration.maxRecipients} mayChange={mayChange} />
      </Section>
      <Section id="expiry" title={t('expiry.title')} note={t('expiry.note')}>
        <ExpirySettings configuration={configuration} mayChange={mayChange} />
        <Suspense fallback={<LoadingRows rows={3} />}>
          <DiskForecast api={api} />
        </Suspense>
      </Section>
      <Section id="bounces" title={t('bounces.title')} note={t('bounces.note')}>
        <BounceDomain domain={configuration.bounceDomain} mayChange={mayChange} />
      </Section>
      <Section id="next-hops" title={t('nextHops.title')} note={t('nextHops.note')}>
        <Suspense fallback={<LoadingRows rows={2} />}>
          <ListedNextHops api={api} mayChange={mayChange} />
        </Suspense>
      </Section>
    </>
  );
}

async function ListedNextHops({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const { items } = await api.call(routes.listNextHops);
  return <NextHops hops={items} mayChange={mayChange} />;
}
