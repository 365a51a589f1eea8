'use client';

import type { MemberSession } from '@signet/api-contract/sessions';
import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { AccountLine } from './account-line.tsx';
import { endOtherSessions, endSession } from './end-sessions.ts';

type Session = MemberSession & {
  /** Its browser in a few words. */
  readonly agent: string | null;
};

/** Where the member is signed in, with the way to end that. */
export function SessionList({ sessions }: { readonly sessions: readonly Session[] }) {
  const t = useTranslations('account.sessions');
  const [asked, setAsked] = useState<Session | 'others' | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const status = useRef<HTMLOutputElement>(null);
  const others = sessions.filter(({ current }) => !current);

  function finish(text: string) {
    setDone(text);
    setAsked(null);
  }

  const focusStatus = (event: Event) => {
    if (asked !== null) return;
    // The button that opened the dialog is gone with its session.
    event.preventDefault();
    status.current?.focus();
  };
  const agentOf = (session: Session) => session.agent ?? t('unknownAgent');

  return (
    <>
      <output ref={status} tabIndex={-1} className="block px-4 pt-3 text-sm text-success outline-none empty:hidden">
        {done}
      </output>
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.id}>
            <AccountLine
              name={
                <>
                  <span title={session.userAgent ?? undefined}>{agentOf(session)}</span>
                  {session.current ? <Badge tone="success">{t('this')}</Badge> : null}
                </>
              }
              text={<SessionFacts session={session} />}
            >
              {session.current ? undefined : (
                <Button variant="secondary" size="small" onClick={() => setAsked(session)}>
                  {t('end')} <span className="sr-only">{agentOf(session)}</span>
                </Button>
              )}
            </AccountLine>
          </li>
        ))}
      </ul>
      {others.length === 0 ? (
        <p className="border-t border-line px-4 py-3 text-sm text-quiet">{t('noOthers')}</p>
      ) : (
        <div className="flex justify-end border-t border-line px-4 py-3">
          <Button variant="secondary" size="small" onClick={() => setAsked('others')}>
            {t('endOthers')}
          </Button>
        </div>
      )}
      <ActDialog
        open={asked !== null && asked !== 'others'}
        onClose={() => setAsked(null)}
        title={t('endTitle')}
        description={asked === null || asked === 'others' ? '' : t('endText', { agent: agentOf(asked) })}
        submit={t('endSubmit')}
        act={async () => (asked === null || asked === 'others' ? null : endSession(asked.id))}
        onDone={() => finish(t('ended'))}
        onCloseAutoFocus={focusStatus}
      />
      <ActDialog
        open={asked === 'others'}
        onClose={() => setAsked(null)}
        title={t('endOthersTitle')}
        description={t('endOthersText', { count: others.length })}
        submit={t('endOthers')}
        act={endOtherSessions}
        onDone={() => finish(t('othersEnded'))}
        onCloseAutoFocus={focusStatus}
      />
    </>
  );
}

function SessionFacts({ session }: { readonly session: Session }) {
  const t = useTranslations('account.sessions');
  const locale = useLocale();
  const { createdAt, lastSeenAt, clientIp, factors } = session;
  return (
    <>
      {t.rich('since', { time: timeTag(createdAt, locale, 'short') })}
      {' · '}
      {t.rich('seen', { time: timeTag(lastSeenAt, locale, 'short') })}
      {clientIp === null ? null : ` · ${clientIp}`}
      {factors.length === 0 ? null : ` · ${factors.map((factor) => t(`factor.${factor}`)).join(', ')}`}
    </>
  );
}
