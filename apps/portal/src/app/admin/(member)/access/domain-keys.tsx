import type { OrganizationDomain } from '@signet/api-contract/domains';
import { useTranslations } from 'next-intl';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import type { DomainChange } from './change-domains.ts';
import { DnsRecord } from './dns-record.tsx';
import { useDomainAct } from './use-domain-act.ts';

interface DomainKeysProps {
  readonly domain: string;
  readonly keys: OrganizationDomain['dkimKeys'];
  readonly mayChange: boolean;
  readonly onAsk: (change: Extract<DomainChange, { act: 'removeKey' }>) => void;
}

/** The keys that can sign a domain's mails: the record of each, and which one signs. */
export function DomainKeys({ domain, keys, mayChange, onAsk }: DomainKeysProps) {
  const t = useTranslations('access.domain');
  const { act, pending, refusal } = useDomainAct();
  const isSigned = keys.some(({ active }) => active);
  return (
    <>
      <p className="mt-1 text-sm text-quiet">{t(isSigned ? 'signed' : 'unsigned')}</p>
      {keys.map((key) => (
        <div key={key.id} className="mt-3 rounded-lg border border-line px-4 py-3">
          <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
            {t('key', { selector: key.selector })}
            {key.active ? <Badge tone="success">{t('signs')}</Badge> : null}
          </p>
          <DnsRecord record={key.record} />
          {mayChange ? (
            <div className="mt-3 flex flex-wrap gap-2">
              {key.active ? null : (
                <Button variant="secondary" size="small" disabled={pending} onClick={() => act({ act: 'activateKey', domain, id: key.id })}>
                  {t('activate')}
                  <span className="sr-only"> {key.selector}</span>
                </Button>
              )}
              <Button variant="ghost" size="small" onClick={() => onAsk({ act: 'removeKey', domain, id: key.id })}>
                {t('removeKeyOpen')}
                <span className="sr-only"> {key.selector}</span>
              </Button>
            </div>
          ) : null}
        </div>
      ))}
      {mayChange ? (
        <Button variant="secondary" size="small" className="mt-3" disabled={pending} onClick={() => act({ act: 'createKey', domain })}>
          {t('createKey')}
          <span className="sr-only"> {domain}</span>
        </Button>
      ) : null}
      <p role="alert" className="mt-2 text-sm break-words text-danger empty:hidden">
        {refusal}
      </p>
    </>
  );
}
