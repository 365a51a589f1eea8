-- What became of records that were read from another system's audit log. The entries themselves go the way of all entries; a report names the
-- lines that were refused, as far as there is room, and never their content.
CREATE TABLE "audit_import" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "records" INTEGER NOT NULL,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "refused" INTEGER NOT NULL DEFAULT 0,
    "refusals" JSONB NOT NULL DEFAULT '[]',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_import_pkey" PRIMARY KEY ("organization_id","id")
);

SELECT "protect_tenant_table"('audit_import');
