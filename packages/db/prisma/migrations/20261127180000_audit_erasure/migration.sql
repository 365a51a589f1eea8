-- Erasures of single audit entries by law (docs/decisions/0031): who asked for which, why, and how far it is. Nothing of what is erased stands here.
CREATE TABLE "audit_erasure" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "entries" INTEGER NOT NULL,
    "erased" INTEGER NOT NULL DEFAULT 0,
    "held" INTEGER NOT NULL DEFAULT 0,
    "gone" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" JSON NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_erasure_pkey" PRIMARY KEY ("organization_id","id")
);
CREATE INDEX "audit_erasure_open" ON "audit_erasure" ("organization_id", "id") WHERE "ended_at" IS NULL;

-- The entries of an erasure by id and place, which its receipt and its log entry keep as well. When it happened is known until it is erased.
CREATE TABLE "audit_erasure_entry" (
    "organization_id" UUID NOT NULL,
    "erasure_id" UUID NOT NULL,
    "log_index" BIGINT NOT NULL,
    "entry_id" UUID NOT NULL,
    "creation_time" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "audit_erasure_entry_pkey" PRIMARY KEY ("organization_id","erasure_id","log_index")
);
CREATE INDEX "audit_erasure_entry_id" ON "audit_erasure_entry" ("organization_id", "entry_id");
CREATE INDEX "audit_erasure_entry_waiting" ON "audit_erasure_entry" ("organization_id", "erasure_id", "log_index") WHERE "outcome" IS NULL;

-- The apps ask for erasures, and can neither carry one out nor change what was asked for.
SELECT "protect_tenant_table"(name::regclass, append_only => true) FROM unnest(ARRAY['audit_erasure', 'audit_erasure_entry']) AS name;
GRANT SELECT ON "audit_erasure", "audit_erasure_entry" TO signet_retention;
GRANT UPDATE ("erased", "held", "gone", "ended_at") ON "audit_erasure" TO signet_retention;
GRANT UPDATE ("creation_time", "outcome") ON "audit_erasure_entry" TO signet_retention;
-- A receipt keeps that an event is known; of what it said not even a hash, which could be guessed.
GRANT SELECT ("organization_id", "event_id"), UPDATE ("content_hash") ON "audit_receipt" TO signet_retention;
