-- Mail systems that cannot sign in: known by the network that they come from or by their certificate, each for one organization.
-- Of the field that a message must carry the name is kept and the value's SHA-256: whoever knows the value can hand mail in.
CREATE TABLE "submission_trust" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "required_header" TEXT,
    "required_value_hash" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" JSONB,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "submission_trust_pkey" PRIMARY KEY ("organization_id","id")
);

-- Two that trust the same could not be told apart. Those of other organizations are no twins: all customers of a provider share its network.
CREATE UNIQUE INDEX "submission_trust_live_key"
    ON "submission_trust" ("organization_id", "kind", "value", "required_header", "required_value_hash") NULLS NOT DISTINCT
    WHERE "revoked_at" IS NULL;

SELECT "protect_tenant_table"('submission_trust');
