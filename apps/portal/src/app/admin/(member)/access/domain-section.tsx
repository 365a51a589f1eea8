'use client';

import type { OrganizationDomain } from '@signet/api-contract/domains';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeDomains, type DomainChange } from './change-domains.ts';
import { DnsRecord } from './dns-record.tsx';
import { DomainKeys } from './domain-keys.tsx';
import { NewDomain } from './new-domain.tsx';
import { useDomainAct } from './use-domain-act.ts';

interface DomainSectionProps {
  readonly domains: readonly OrganizationDomain[];
  readonly mayChange: boolean;
}

/** The organization's domains: what proves each, and what signs its mails. */
export function DomainSection({ domains, mayChange }: DomainSectionProps) {
  const t = useTranslations('access.domain');
  const [asking, setAsking] = useState<Extract<DomainChange, { act: 'remove' | 'removeKey' }> | null>(null);
  /** What stands against the act that was asked for, in the api's words. */
  const [against, setAgainst] = useState('');
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  return (
    <section aria-labelledby="access-domain" className="mt-8">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 max-w-2xl">
          <h2 id="access-domain" className="text-base font-semibold">
            {t('title')}
          </h2>
          <p className="text-sm text-quiet">{t('text')}</p>
        </div>
        {mayChange ? <NewDomain /> : null}
      </div>
      <output ref={status} tabIndex={-1} className="mt-2 block rounded text-sm text-success empty:hidden">
        {done}
      </output>
      <Card className="mt-3 overflow-hidden">
        <ul className="divide-y divide-line">
          {domains.map((domain) => (
            <li key={domain.domain} className="px-4 py-4 sm:px-6">
              <Domain domain={domain} mayChange={mayChange} onAsk={setAsking} onDone={setDone} />
            </li>
          ))}
        </ul>
      </Card>
      {asking === null ? null : (
        <ActDialog
          open
          onClose={() => setAsking(null)}
          title={t(`${asking.act}.title`, { domain: asking.domain })}
          description={<p>{t(`${asking.act}.text`, { domain: asking.domain })}</p>}
          submit={t(`${asking.act}.submit`)}
          act={async () => {
            const refused = await changeDomains(asking);
            setAgainst(refused?.detail ?? '');
            return refused?.refusal ?? null;
          }}
          refused={{ detail: against }}
          onDone={() => {
            setDone(t(`${asking.act}.done`, { domain: asking.domain }));
            setAsking(null);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            status.current?.focus();
          }}
        />
      )}
    </section>
  );
}

interface DomainProps {
  readonly domain: OrganizationDomain;
  readonly mayChange: boolean;
  readonly onAsk: (change: Extract<DomainChange, { act: 'remove' | 'removeKey' }>) => void;
  readonly onDone: (text: string) => void;
}

function Domain({ domain: { domain, verifiedAt, challenge, dkimKeys }, mayChange, onAsk, onDone }: DomainProps) {
  const t = useTranslations('access.domain');
  const { act, pending, refusal } = useDomainAct();
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="flex min-w-0 flex-wrap items-center gap-2 text-sm font-medium break-all">
          {domain}
          <Badge tone={verifiedAt === null ? 'warning' : 'success'}>{t(verifiedAt === null ? 'unproved' : 'proved')}</Badge>
        </h3>
        {mayChange ? (
          <Button variant="ghost" size="small" onClick={() => onAsk({ act: 'remove', domain })}>
            {t('removeOpen')}
            <span className="sr-only"> {domain}</span>
          </Button>
        ) : null}
      </div>
      {challenge === null ? (
        <DomainKeys domain={domain} keys={dkimKeys} mayChange={mayChange} onAsk={onAsk} />
      ) : (
        <>
          <p className="mt-2 text-sm text-quiet">{t('prove')}</p>
          <DnsRecord record={challenge} />
          {mayChange ? (
            <Button
              variant="secondary"
              size="small"
              className="mt-3"
              disabled={pending}
              onClick={() => act({ act: 'verify', domain }, () => onDone(t('verified', { domain })))}
            >
              {t('verify')}
              <span className="sr-only"> {domain}</span>
            </Button>
          ) : null}
        </>
      )}
      <p role="alert" className="mt-2 text-sm break-words text-danger empty:hidden">
        {refusal}
      </p>
    </>
  );
}
