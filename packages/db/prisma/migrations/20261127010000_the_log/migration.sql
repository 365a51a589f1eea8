-- What signs an organization's logs: Ed25519, its private half sealed by the vault under the organization key that is named.
CREATE TABLE "log_key" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "public_key" BYTEA NOT NULL,
    "sealed_private_key" BYTEA NOT NULL,
    "organization_key_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "signs_until" TIMESTAMPTZ(3),

    CONSTRAINT "log_key_pkey" PRIMARY KEY ("organization_id","id")
);

-- One key is the organization's own; those before it sign for a while beside it.
CREATE UNIQUE INDEX "log_key_current" ON "log_key" ("organization_id") WHERE "signs_until" IS NULL;

-- The hashes of every eighth level of a log's tree (C2SP tlog-tiles), 256 to a tile; the last tile of a level grows.
CREATE TABLE "log_tile" (
    "organization_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "level" SMALLINT NOT NULL,
    "number" BIGINT NOT NULL,
    "hashes" BYTEA NOT NULL,

    CONSTRAINT "log_tile_pkey" PRIMARY KEY ("organization_id","stream","level","number")
);

-- Hashes cannot be compressed: who tries loses time.
ALTER TABLE "log_tile" ALTER COLUMN "hashes" SET STORAGE EXTERNAL;

-- A tile only ever grows.
CREATE FUNCTION "grow_log_tile" () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'Tile % of level % of the % log of % may grow, and not change', OLD.number, OLD.level, OLD.stream, OLD.organization_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "log_tile_grows" BEFORE UPDATE ON "log_tile" FOR EACH ROW EXECUTE FUNCTION "grow_log_tile"();

-- How far a log is signed, and how far others may know it.
CREATE TABLE "log_seal" (
    "organization_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "size" BIGINT NOT NULL DEFAULT 0,
    "note" TEXT,
    "signed_at" TIMESTAMPTZ(3),
    "published_size" BIGINT NOT NULL DEFAULT 0,
    "published_note" TEXT,
    "published_at" TIMESTAMPTZ(3),
    "refusal" TEXT,
    "refused_at" TIMESTAMPTZ(3),
    "accepted_note" TEXT,
    "check_begun_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "checked_size" BIGINT,
    "difference" TEXT,
    "difference_index" BIGINT,

    CONSTRAINT "log_seal_pkey" PRIMARY KEY ("organization_id","stream")
);

-- The apps add to them, let tiles grow and checkpoints follow each other, and remove nothing.
SELECT "protect_tenant_table"(name::regclass, append_only => true) FROM unnest(ARRAY['log_key', 'log_tile', 'log_seal']) AS name;
GRANT UPDATE ("signs_until") ON "log_key" TO signet_app;
GRANT UPDATE ("hashes") ON "log_tile" TO signet_app, signet_sealer;
GRANT UPDATE ("size", "note", "signed_at", "published_size", "published_note", "published_at", "refusal", "refused_at", "accepted_note",
  "check_begun_at", "checked_at", "checked_size", "difference", "difference_index") ON "log_seal" TO signet_app, signet_sealer;
GRANT SELECT, INSERT ON "log_tile", "log_seal" TO signet_sealer;
GRANT SELECT ON "log_key" TO signet_sealer;

-- An entry is found by its id alone, for its proof.
CREATE INDEX "audit_entry_organization_id_id_idx" ON "audit_entry" ("organization_id", "id");
