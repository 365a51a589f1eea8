'use client';

import type { NextHop } from '@signet/api-contract/next-hops';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { CardCell, CardRow, CardTable } from '../../../../components/ui/card-table.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeNextHops } from './change-next-hops.ts';
import { NextHopDialog } from './next-hop-dialog.tsx';

interface NextHopsProps {
  readonly hops: readonly NextHop[];
  readonly mayChange: boolean;
}

/** The mail servers that the organization's mail goes to: those there are, a new one, another one, and the end of one. */
export function NextHops({ hops, mayChange }: NextHopsProps) {
  const t = useTranslations('admin.settings.nextHops');
  const settings = useTranslations('admin.settings');
  const [asking, setAsking] = useState<{ act: 'save'; hop: NextHop | null } | { act: 'remove'; hop: NextHop } | null>(null);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  const nameOf = ({ domain }: NextHop) => domain ?? t('allOthers');
  const dialog = {
    onClose: () => setAsking(null),
    onCloseAutoFocus: (event: Event) => {
      // The row's button may be gone with what it did.
      event.preventDefault();
      status.current?.focus();
    },
  };
  const finish = (text: string) => {
    setDone(text);
    setAsking(null);
  };
  return (
    <>
      {hops.length === 0 ? (
        <p className="p-4 text-sm text-quiet sm:px-5">{t('none')}</p>
      ) : (
        <CardTable
          caption={t('title')}
          columns={[
            { name: 'domain', label: t('column.domain'), className: 'w-[30%]' },
            { name: 'server', label: t('column.server') },
            { name: 'tls', label: t('tls'), className: 'w-[24%]' },
            ...(mayChange ? [{ name: 'acts', label: <span className="sr-only">{t('column.acts')}</span>, className: 'w-48' }] : []),
          ]}
        >
          {hops.map((hop) => (
            <CardRow key={hop.id}>
              <CardCell className="font-medium break-words">{nameOf(hop)}</CardCell>
              <CardCell>
                <span className="break-all">{t('address', { host: hop.host, port: String(hop.port) })}</span>
                {hop.username === null ? null : (
                  <span className="block text-xs break-all text-quiet">{t('signsIn', { name: hop.username })}</span>
                )}
              </CardCell>
              <CardCell className="text-xs text-quiet">{t(`mode.${hop.tls}`)}</CardCell>
              {mayChange ? (
                <CardCell className="md:text-right">
                  <div className="my-1 flex gap-2 md:my-0 md:justify-end">
                    <Button variant="secondary" size="small" onClick={() => setAsking({ act: 'save', hop })}>
                      {t('change.open')}
                      <span className="sr-only"> {nameOf(hop)}</span>
                    </Button>
                    <Button variant="ghost" size="small" onClick={() => setAsking({ act: 'remove', hop })}>
                      {t('remove.open')}
                      <span className="sr-only"> {nameOf(hop)}</span>
                    </Button>
                  </div>
                </CardCell>
              ) : null}
            </CardRow>
          ))}
        </CardTable>
      )}
      <div className="space-y-3 border-t border-line p-4 sm:px-5">
        <output ref={status} tabIndex={-1} className="block rounded text-sm text-success empty:hidden">
          {done}
        </output>
        {mayChange ? (
          <Button onClick={() => setAsking({ act: 'save', hop: null })}>
            <Plus aria-hidden />
            {t('add.open')}
          </Button>
        ) : (
          <p className="text-sm text-quiet">{settings('notYours')}</p>
        )}
      </div>
      {asking?.act === 'save' ? <NextHopDialog hop={asking.hop} onDone={() => finish(t('saved'))} {...dialog} /> : null}
      {asking?.act === 'remove' ? (
        <ActDialog
          open
          title={t('remove.title', { name: nameOf(asking.hop) })}
          description={
            <>
              <p>{t(asking.hop.domain === null ? 'remove.allText' : 'remove.text', { host: asking.hop.host })}</p>
              {asking.hop.username === null ? null : <p className="mt-2 font-medium text-ink">{t('remove.forGood')}</p>}
            </>
          }
          submit={t('remove.submit')}
          act={async () => {
            const refused = await changeNextHops({ act: 'remove', id: asking.hop.id });
            if (refused === null) return null;
            return refused.refusal === 'fields' || refused.refusal === 'detail' ? 'away' : refused.refusal;
          }}
          onDone={() => finish(t('remove.done', { name: nameOf(asking.hop) }))}
          {...dialog}
        />
      ) : null}
    </>
  );
}
