-- When a credential was last used, so that unused ones can be found and revoked; a name that people know it by, and the
-- beginning of a key, far too little to use it.
ALTER TABLE "api_key" ADD COLUMN "hint" TEXT NOT NULL DEFAULT '', ADD COLUMN "last_used_at" TIMESTAMPTZ(3);
ALTER TABLE "smtp_credential" ADD COLUMN "name" TEXT NOT NULL DEFAULT '', ADD COLUMN "last_used_at" TIMESTAMPTZ(3);
