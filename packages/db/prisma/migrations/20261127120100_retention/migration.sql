-- How long an organization's audit entries are kept (docs/decisions/0025): days by operation, and for those that are not named; null: for ever.
CREATE TABLE "retention_policy" (
    "organization_id" UUID NOT NULL,
    "days" INTEGER,
    "operations" JSON NOT NULL DEFAULT '{}',
    "swept_at" TIMESTAMPTZ(3),

    CONSTRAINT "retention_policy_pkey" PRIMARY KEY ("organization_id")
);

-- What must be kept, whatever the policy says: entries and content.
CREATE TABLE "legal_hold" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "message_uid" UUID,
    "message_id" TEXT,
    "address" TEXT,
    "from_time" TIMESTAMPTZ(3),
    "to_time" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" JSON NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "released_by" JSON,
    "release_reason" TEXT,

    CONSTRAINT "legal_hold_pkey" PRIMARY KEY ("organization_id","id")
);

-- Removals of audit entries; each id is that of the admin record that tells of it.
CREATE TABLE "audit_removal" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL,
    "entries" INTEGER NOT NULL,

    CONSTRAINT "audit_removal_pkey" PRIMARY KEY ("organization_id","id")
);

-- The places of the log whose entries are removed, by stretches that never overlap: their log entries stay.
CREATE TABLE "audit_removed_range" (
    "organization_id" UUID NOT NULL,
    "first_index" BIGINT NOT NULL,
    "last_index" BIGINT NOT NULL,
    "removal_id" UUID NOT NULL,

    CONSTRAINT "audit_removed_range_pkey" PRIMARY KEY ("organization_id","first_index")
);

-- How many entries of a message are removed, so that whoever asks what happened to it is told that something is missing.
CREATE TABLE "audit_removed_count" (
    "organization_id" UUID NOT NULL,
    "message_uid" UUID NOT NULL,
    "entries" INTEGER NOT NULL,
    "content_entries" INTEGER NOT NULL,
    "oldest" TIMESTAMPTZ(3) NOT NULL,
    "newest" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_removed_count_pkey" PRIMARY KEY ("organization_id","message_uid")
);

-- When a worker that may remove entries last looked: a policy that nobody carries out is refused.
CREATE TABLE "retention_worker" (
    "name" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_worker_pkey" PRIMARY KEY ("name")
);

SELECT "protect_tenant_table"(name::regclass) FROM unnest(ARRAY['retention_policy', 'legal_hold']) AS name;
SELECT "protect_tenant_table"(name::regclass, append_only => true)
FROM unnest(ARRAY['audit_removal', 'audit_removed_range', 'audit_removed_count']) AS name;
-- The apps read what is removed, and can neither say that something is nor unsay it. A hold is kept, also when it is over.
REVOKE INSERT ON "audit_removal", "audit_removed_range", "audit_removed_count" FROM signet_app;
REVOKE DELETE ON "legal_hold" FROM signet_app;
GRANT SELECT ON "retention_worker" TO signet_app;

-- Who removes reads what says that it may, removes entries with their addresses (20261124000000), and records that it did: nothing else.
REVOKE DELETE ON "admin_record" FROM signet_retention;
GRANT SELECT ON "organization", "retention_policy", "legal_hold", "log_seal" TO signet_retention;
GRANT UPDATE ("swept_at") ON "retention_policy" TO signet_retention;
GRANT SELECT, INSERT ON "audit_removal", "audit_removed_range" TO signet_retention;
GRANT SELECT, INSERT, UPDATE ON "audit_removed_count", "retention_worker" TO signet_retention;
GRANT INSERT, SELECT ("id") ON "outbox" TO signet_retention;
DO $$
DECLARE
  dependent regclass;
BEGIN
  FOR dependent IN
    SELECT objid::regclass FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = 'outbox'::regclass AND deptype IN ('a', 'i')
  LOOP
    EXECUTE format('GRANT USAGE ON SEQUENCE %s TO signet_retention', dependent);
  END LOOP;
END $$;
