-- Where the audit log is sent to as syslog over TLS, in its order. The key of a client certificate is sealed under the organization's key.
CREATE TABLE "syslog_destination" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "max_message_bytes" INTEGER NOT NULL,
    "certificate_authority" TEXT,
    "client_certificate" TEXT,
    "sealed_client_key" BYTEA,
    "organization_key_id" UUID,
    "enabled" BOOLEAN NOT NULL,
    "failure" TEXT,
    "next_index" BIGINT NOT NULL,
    "former_index" BIGINT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "last_sent_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "test_id" UUID,
    "tested_id" UUID,
    "tested_at" TIMESTAMPTZ(3),
    "test_error" TEXT,
    "lease_id" UUID,
    "leased_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "syslog_destination_pkey" PRIMARY KEY ("organization_id","id")
);

SELECT "protect_tenant_table"('syslog_destination');
