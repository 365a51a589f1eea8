import type { OrganizationScope } from './database.ts';

/** A part of a message as it is offered: what it is, and where the vault put it. */
export interface ContentPart {
  readonly part: string;
  readonly kind: 'original' | 'headers' | 'text' | 'html' | 'attachment' | 'inline';
  readonly position: number;
  readonly name: string | null;
  readonly contentType: string | null;
  readonly contentId: string | null;
  /** The HTML body shows it as an image. */
  readonly shownInBody: boolean;
  readonly size: number;
  readonly sha256: string;
  /** As the vault's `StoredPart`; the vault checks it. */
  readonly stored: unknown;
}

/** Everything the vault needs to read a message's content. */
export interface MessageContent {
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
  readonly wrappedKey: Buffer;
  readonly blobName: string;
  readonly blobLength: number;
  readonly originalOnly: string | null;
  readonly parts: readonly ContentPart[];
}

/** Where a message's content lies, as far as its recipients may see it, in the order of its parts; null when there is no such message or its key is destroyed. */
export async function findContent(scope: OrganizationScope, messageUid: string): Promise<MessageContent | null> {
  const [row] = await scope.query<{
    key_id: string;
    provider_key_id: string;
    organization_wrapped_key: Buffer;
    wrapped_key: Buffer;
    blob_name: string;
    blob_length: number;
    original_only: string | null;
    parts: ContentPart[];
  }>(
    `select k.id as key_id, k.provider_key_id, k.wrapped_key as organization_wrapped_key, m.wrapped_key, m.blob_name, m.blob_length,
       m.original_only,
       (select json_agg(json_build_object('part', p.part, 'kind', p.kind, 'position', p.position, 'name', p.name,
          'contentType', p.content_type, 'contentId', p.content_id, 'shownInBody', p.shown_in_body, 'size', p.size, 'sha256', p.sha256, 'stored', p.stored)
          order by p.position)
        from message_part p where p.organization_id = m.organization_id and p.message_uid = m.id and p.kind <> 'transit') as parts
     from message m join organization_key k on k.organization_id = m.organization_id and k.id = m.organization_key_id
     where m.organization_id = $1 and m.id = $2 and m.wrapped_key is not null`,
    [scope.organizationId, messageUid],
  );
  if (!row) return null;
  return {
    organizationKey: { keyId: row.key_id, providerKeyId: row.provider_key_id, wrappedKey: row.organization_wrapped_key },
    wrappedKey: row.wrapped_key,
    blobName: row.blob_name,
    blobLength: row.blob_length,
    originalOnly: row.original_only,
    parts: row.parts,
  };
}
