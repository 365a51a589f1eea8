-- Receivers that the audit log is sent to, in its order. Secrets are sealed under the organization's key.
CREATE TABLE "webhook" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "operations" TEXT[],
    "enabled" BOOLEAN NOT NULL,
    "failure" TEXT,
    "sealed_secret" BYTEA NOT NULL,
    "organization_key_id" UUID NOT NULL,
    "former_sealed_secret" BYTEA,
    "former_organization_key_id" UUID,
    "former_until" TIMESTAMPTZ(3),
    "next_index" BIGINT NOT NULL,
    "batch_id" UUID,
    "batch_end" BIGINT,
    "test_id" UUID,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "lease_id" UUID,
    "leased_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("organization_id","id")
);

-- What became of the last requests to each.
CREATE TABLE "webhook_delivery" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "first_index" BIGINT,
    "last_index" BIGINT,
    "entries" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("organization_id","webhook_id","id"),
    CONSTRAINT "webhook_delivery_webhook_fkey" FOREIGN KEY ("organization_id", "webhook_id") REFERENCES "webhook" ("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

SELECT "protect_tenant_table"(name::regclass) FROM unnest(ARRAY['webhook', 'webhook_delivery']) AS name;
