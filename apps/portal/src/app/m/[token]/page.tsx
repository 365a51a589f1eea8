import type { Metadata } from 'next';
import { Eye, Lock } from 'lucide-react';
import { notFound } from 'next/navigation';
import { getLocale, getTranslations } from 'next-intl/server';
import type { Link } from '@signet/api-contract/recipient';
import { LocalTime } from '../../../components/local-time.tsx';
import { brandColors } from '../brand.ts';
import { refusalOfLink } from '../refusal.ts';
import { takeStep } from './actions.ts';
import { linkOf } from './link-of.ts';
import { MessageFlow } from './message-flow.tsx';
import { textsFor } from './texts.ts';
import type { Step } from './step.ts';

interface LinkPageProps {
  readonly params: Promise<{ readonly token: string }>;
}

export async function generateMetadata({ params }: LinkPageProps): Promise<Metadata> {
  const { branding } = await linkOf((await params).token);
  const t = await getTranslations('recipient');
  // The subject is content: it stands on the page and not in the browser's history.
  return { title: { absolute: t('pageTitle', { organization: branding.organizationName }) } };
}

/** The page behind the link of a wrapper mail. What stands on it before sign-in, anybody with the link may see. */
export default async function LinkPage({ params }: LinkPageProps) {
  const { token } = await params;
  const link = await linkOf(token);
  // proxy.ts has answered refused links already; this is for one that was refused a moment ago.
  if (refusalOfLink[link.state] !== null) notFound();
  const locale = await getLocale();
  return (
    <MessageFlow
      token={token}
      locale={locale}
      takeStep={takeStep.bind(null, token)}
      initial={firstStep(link)}
      texts={await textsFor(link)}
      brand={{ ...brandColors(link.branding.backgroundColor), ...link.branding }}
      canRequestPasscode={link.methods.includes('OTP')}
      summary={<Summary link={link} locale={locale} />}
    />
  );
}

function firstStep({ signedIn, pendingPasscode }: Link): Step {
  if (signedIn) return { at: 'closed' };
  if (pendingPasscode === null) return { at: 'start' };
  const { reference, expiresAt } = pendingPasscode;
  return { at: 'passcode', reference, expiresAt, wait: 0 };
}

/** Who wrote, to whom and until when: no subject and no content. */
async function Summary({ link, locale }: { readonly link: Link; readonly locale: string }) {
  const t = await getTranslations('recipient.start');
  const { senderName, senderAddress, branding, recipientMasked, expiresAt, tracked } = link;
  return (
    <>
      <span className="grid size-11 place-items-center rounded-full bg-raised text-primary">
        <Lock aria-hidden className="size-5" />
      </span>
      <h1 className="mt-5 text-2xl leading-tight font-semibold tracking-tight wrap-anywhere">
        {t('heading', { sender: senderName ?? senderAddress })}
      </h1>
      <dl className="mt-6 grid gap-x-5 text-sm sm:grid-cols-[auto_1fr] sm:gap-y-2">
        <dt className="text-quiet">{t('from')}</dt>
        <dd className="mb-2 wrap-anywhere sm:mb-0">{senderAddress}</dd>
        <dt className="text-quiet">{t('to')}</dt>
        <dd className="mb-2 wrap-anywhere sm:mb-0">{recipientMasked}</dd>
        {expiresAt === null ? null : (
          <>
            <dt className="text-quiet">{t('expires')}</dt>
            <dd>
              <LocalTime at={expiresAt} locale={locale} />
            </dd>
          </>
        )}
      </dl>
      {tracked ? (
        <p className="mt-4 flex gap-2.5 text-sm text-quiet">
          <Eye aria-hidden className="mt-1 size-4 shrink-0" />
          {t('tracked', { organization: branding.organizationName })}
        </p>
      ) : null}
    </>
  );
}
