-- Revocations by time: what statistics count.
CREATE INDEX "revocation_organization_id_at_idx" ON "revocation"("organization_id", "at");

-- Who made a credential, as a revocation names who revoked; null where that was before it was kept.
ALTER TABLE "api_key" ADD COLUMN "created_by" JSONB;
ALTER TABLE "smtp_credential" ADD COLUMN "created_by" JSONB;
