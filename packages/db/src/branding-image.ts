import type { OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A logo as it is shown: a PNG, at half its size so that it is sharp everywhere. */
export interface ShownLogo {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

/** An uploaded picture, and what is shown of it. */
export interface BrandingImage {
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly contentType: string;
  readonly original: Buffer;
  readonly shown: ShownLogo;
}

/** Keeps a picture; the same one again changes nothing. */
export async function storeBrandingImage(
  tx: OrganizationTransaction,
  { sha256, contentType, original, shown }: BrandingImage,
): Promise<void> {
  await tx.query(
    `insert into branding_image (organization_id, sha256, content_type, original, shown, shown_width, shown_height)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [tx.organizationId, sha256, contentType, original, shown.png, shown.width, shown.height],
  );
}

/** A picture as it was uploaded; null where there is none. */
export async function findOriginalImage(
  scope: Queryable & { readonly organizationId: string },
  sha256: string | null,
): Promise<{ contentType: string; bytes: Buffer } | null> {
  if (sha256 === null) return null;
  const [row] = await scope.query<{ content_type: string; original: Buffer }>(
    'select content_type, original from branding_image where organization_id = $1 and sha256 = $2',
    [scope.organizationId, sha256],
  );
  return row ? { contentType: row.content_type, bytes: row.original } : null;
}

/** A picture as it is shown; null where there is none. */
export async function findShownLogo(db: Queryable, organizationId: string, sha256: string | null): Promise<ShownLogo | null> {
  if (sha256 === null) return null;
  const [row] = await db.query<{ png: Buffer; width: number; height: number }>(
    `select shown as png, shown_width as width, shown_height as height from branding_image where organization_id = $1 and sha256 = $2`,
    [organizationId, sha256],
  );
  return row ?? null;
}
