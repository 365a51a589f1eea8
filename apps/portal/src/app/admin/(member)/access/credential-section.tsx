'use client';

import type { Permission } from '@signet/domain/role';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Card } from '../../../../components/ui/card.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { revokeCredential } from './change-credentials.ts';
import type { CredentialKind, ListedCredential } from './credential.ts';
import { CredentialTable } from './credential-table.tsx';
import { NewCredential } from './new-credential.tsx';
import { NewTrust } from './new-trust.tsx';

interface CredentialSectionProps {
  readonly kind: CredentialKind;
  readonly credentials: readonly ListedCredential[];
  /** What the member may give to a key. */
  readonly scopes: readonly Permission[];
  readonly mayChange: boolean;
}

/** Credentials of one kind: those there are, a new one, and the end of one. */
export function CredentialSection({ kind, credentials, scopes, mayChange }: CredentialSectionProps) {
  const t = useTranslations(`access.${kind}`);
  const [revoking, setRevoking] = useState<ListedCredential | null>(null);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  const heading = `access-${kind}`;
  const live = credentials.filter(({ revokedAt }) => revokedAt === null);
  const revoked = credentials.filter(({ revokedAt }) => revokedAt !== null);
  return (
    <section aria-labelledby={heading} className="mt-8">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 max-w-2xl">
          <h2 id={heading} className="text-base font-semibold">
            {t('title')}
          </h2>
          <p className="text-sm text-quiet">{t('text')}</p>
        </div>
        {mayChange ? kind === 'trust' ? <NewTrust /> : <NewCredential kind={kind} scopes={scopes} /> : null}
      </div>
      <output ref={status} tabIndex={-1} className="mt-2 block rounded text-sm text-success empty:hidden">
        {done}
      </output>
      <Card className="mt-3 overflow-hidden">
        {live.length === 0 ? (
          <div className="px-4 py-8 sm:px-6">
            <p className="font-medium">{t('none.title')}</p>
            <p className="mt-1 max-w-2xl text-sm text-quiet">{t('none.text')}</p>
            <pre className="mt-3 rounded-lg border border-line bg-raised px-4 py-3 font-mono text-xs break-all whitespace-pre-wrap">
              {t('none.example')}
            </pre>
          </div>
        ) : (
          <CredentialTable kind={kind} credentials={live} {...(mayChange ? { onRevoke: setRevoking } : {})} />
        )}
      </Card>
      {revoked.length === 0 ? null : (
        <details className="mt-3">
          <summary className="w-fit cursor-pointer rounded text-sm text-quiet hover:text-ink">
            {t('revoked', { count: revoked.length })}
          </summary>
          <Card className="mt-2 overflow-hidden">
            <CredentialTable kind={kind} credentials={revoked} />
          </Card>
        </details>
      )}
      {revoking === null ? null : (
        <ActDialog
          open
          onClose={() => setRevoking(null)}
          title={t('revoke.title', { name: revoking.name })}
          description={
            <>
              <p>{t('revoke.text', { mark: revoking.mark })}</p>
              <p className="mt-2 font-medium text-ink">{t('revoke.forGood')}</p>
            </>
          }
          submit={t('revoke.submit')}
          act={() => revokeCredential({ kind, id: revoking.id })}
          onDone={() => {
            setDone(t('revoke.done', { name: revoking.name }));
            setRevoking(null);
          }}
          onCloseAutoFocus={(event) => {
            // The row's button may be gone with what it did.
            event.preventDefault();
            status.current?.focus();
          }}
        />
      )}
    </section>
  );
}
