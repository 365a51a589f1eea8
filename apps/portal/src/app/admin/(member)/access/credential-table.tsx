import { useLocale, useTranslations } from 'next-intl';
import { LocalTime } from '../../../../components/local-time.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { CardCell, CardRow, CardTable } from '../../../../components/ui/card-table.tsx';
import { listItem } from '../shortcut.ts';
import { dangerousScopes } from './credential.ts';
import type { CredentialKind, ListedCredential } from './credential.ts';

interface CredentialTableProps {
  readonly kind: CredentialKind;
  readonly credentials: readonly ListedCredential[];
  /** Left out where nothing can be revoked. */
  readonly onRevoke?: (credential: ListedCredential) => void;
}

/** Credentials to compare: what they are recognised by, what they may do, who made them, and whether anybody uses them. */
export function CredentialTable({ kind, credentials, onRevoke }: CredentialTableProps) {
  const t = useTranslations('access');
  const isKey = kind === 'apiKey';
  return (
    <CardTable
      caption={t(`${kind}.title`)}
      columns={[
        { name: 'name', label: t('column.name'), className: isKey ? 'w-[20%]' : 'w-[36%]' },
        ...(isKey ? [{ name: 'scopes', label: t('column.scopes') }] : []),
        { name: 'created', label: t('column.created'), className: isKey ? 'w-36' : 'w-48' },
        { name: 'used', label: t('column.used'), className: isKey ? 'w-28' : 'w-36' },
        ...(onRevoke ? [{ name: 'revoke', label: <span className="sr-only">{t('revoke')}</span>, className: 'w-26' }] : []),
      ]}
    >
      {credentials.map((credential) => (
        <Row key={credential.id} credential={credential} {...(onRevoke ? { onRevoke } : {})} />
      ))}
    </CardTable>
  );
}

interface RowProps {
  readonly credential: ListedCredential;
  readonly onRevoke?: (credential: ListedCredential) => void;
}

function Row({ credential, onRevoke }: RowProps) {
  const t = useTranslations('access');
  const locale = useLocale();
  const { name, mark, scopes, createdAt, createdBy, lastUsedAt, revokedAt } = credential;
  return (
    <CardRow>
      <CardCell>
        <span className="font-medium break-words">{plainText(name)}</span>
        <code className="block font-mono text-xs break-all text-quiet">{mark}</code>
      </CardCell>
      {scopes === null ? null : (
        <CardCell>
          <ul className="flex flex-wrap gap-1">
            {scopes.map((scope) => (
              <li key={scope}>
                <Badge tone={dangerousScopes.includes(scope) ? 'warning' : 'neutral'}>{scope}</Badge>
              </li>
            ))}
          </ul>
        </CardCell>
      )}
      <CardCell className="text-xs text-quiet">
        <span className="md:hidden">{t('column.created')} </span>
        <LocalTime at={createdAt} locale={locale} />
        {createdBy === null ? null : <span className="block break-all">{t('by', { name: plainText(createdBy) })}</span>}
      </CardCell>
      <CardCell className="text-xs text-quiet">
        {revokedAt === null ? (
          <>
            <span className="md:hidden">{t('column.used')} </span>
            {lastUsedAt === null ? t('never') : <LocalTime at={lastUsedAt} locale={locale} />}
          </>
        ) : (
          <>
            {t('revokedAt')} <LocalTime at={revokedAt} locale={locale} />
          </>
        )}
      </CardCell>
      {onRevoke === undefined ? null : (
        <CardCell className="md:text-right">
          <Button {...listItem} variant="secondary" size="small" className="my-1 md:my-0" onClick={() => onRevoke(credential)}>
            {t('revoke')}
            <span className="sr-only"> {name}</span>
          </Button>
        </CardCell>
      )}
    </CardRow>
  );
}
