import { deliveryRequest } from '@signet/domain/delivery-report';
import { passMessagePayload } from '@signet/domain/jobs';
import type { Database } from './database.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import type { DeliveryOrder } from './delivery.ts';
import { claimRow, removeRows } from './outbox.ts';

/** A message that goes to one recipient as it came: where its bytes lie. */
export interface PassingOrder extends DeliveryOrder {
  readonly location: {
    readonly organizationId: string;
    readonly messageUid: string;
    readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
    readonly wrappedKey: Buffer;
    readonly blobName: string;
    readonly blobLength: number;
  };
  /** The header as it came, Signet's Received field before it; as the vault's `StoredPart`, which checks it. */
  readonly transit: unknown;
  /** The stored original, whose header recipients of the portal may see; the body begins after `bodyOffset` bytes. */
  readonly original: unknown;
  readonly bodyOffset: number;
  /** Bytes of the stored original, and of the header that goes in place of its own. */
  readonly originalSize: number;
  readonly transitSize: number;
}

interface PassingRow {
  readonly message_uid: string;
  readonly message_id: string;
  readonly sender: string;
  readonly subject: string | null;
  readonly subject_recorded: RecordedForm;
  readonly uses_default_template: boolean;
  readonly address: string;
  readonly dsn: unknown;
  readonly key_id: string;
  readonly provider_key_id: string;
  readonly organization_wrapped_key: Buffer;
  readonly wrapped_key: Buffer;
  readonly blob_name: string;
  readonly blob_length: number;
  readonly body_offset: number;
  readonly transit: unknown;
  readonly original: unknown;
  readonly original_size: number;
  readonly transit_size: number;
}

/**
 * Claims an outbox row of kind `pass-message` and reads where its message lies, in one short transaction. Neither a revocation nor an
 * expiry holds it up: the recipient is to have it as it is. A row whose message is erased is removed instead.
 * @returns null when there is nothing to send.
 */
export async function beginPassing(database: Database, outboxId: string, claimSeconds: number): Promise<PassingOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { recipientId } = passMessagePayload.parse(row.payload);
    const [found] = await tx.query<PassingRow>(
      `select m.id as message_uid, m.message_id, m.sender, m.subject, m.subject_recorded, m.uses_default_template, r.address, r.dsn, k.id as key_id, k.provider_key_id,
         k.wrapped_key as organization_wrapped_key, m.wrapped_key, m.blob_name, m.blob_length, m.body_offset,
         t.stored as transit, p.stored as original, p.size as original_size, t.size as transit_size
       from recipient r
       join message m on m.organization_id = r.organization_id and m.id = r.message_uid
       join organization_key k on k.organization_id = m.organization_id and k.id = m.organization_key_id
       join message_part t on t.organization_id = m.organization_id and t.message_uid = m.id and t.kind = 'transit'
       join message_part p on p.organization_id = m.organization_id and p.message_uid = m.id and p.kind = 'original'
       where r.organization_id = $1 and r.id = $2 and r.unwrapped and m.wrapped_key is not null`,
      [row.organizationId, recipientId],
    );
    if (!found) {
      await removeRows(tx, [row.id]);
      return null;
    }
    return {
      row,
      message: {
        messageUid: found.message_uid,
        messageId: found.message_id,
        sender: found.sender,
        subject: found.subject,
        subjectRecorded: found.subject_recorded,
        usesDefaultTemplate: found.uses_default_template,
      },
      recipientId,
      address: found.address,
      request: deliveryRequest.nullable().parse(found.dsn),
      location: {
        organizationId: row.organizationId,
        messageUid: found.message_uid,
        organizationKey: { keyId: found.key_id, providerKeyId: found.provider_key_id, wrappedKey: found.organization_wrapped_key },
        wrappedKey: found.wrapped_key,
        blobName: found.blob_name,
        blobLength: found.blob_length,
      },
      transit: found.transit,
      original: found.original,
      bodyOffset: found.body_offset,
      originalSize: found.original_size,
      transitSize: found.transit_size,
    };
  });
}
