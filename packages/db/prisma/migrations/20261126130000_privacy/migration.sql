-- How much is recorded of a person's address, of their program, and of a message's subject: full, truncated, hash, none.
ALTER TABLE "organization" ADD COLUMN "recorded_client_ip" TEXT NOT NULL DEFAULT 'full';
ALTER TABLE "organization" ADD COLUMN "recorded_user_agent" TEXT NOT NULL DEFAULT 'full';
ALTER TABLE "organization" ADD COLUMN "recorded_subject" TEXT NOT NULL DEFAULT 'full';

-- Limits of the organization's own, within those of the installation. Null: those.
ALTER TABLE "organization" ADD COLUMN "max_message_bytes" INTEGER;
ALTER TABLE "organization" ADD COLUMN "max_recipients" INTEGER NOT NULL DEFAULT 1000;

-- How much of a value its column holds. What was stored before is whole.
ALTER TABLE "message" ADD COLUMN "subject_recorded" TEXT NOT NULL DEFAULT 'full';
ALTER TABLE "link_touch" ADD COLUMN "client_ip_recorded" TEXT NOT NULL DEFAULT 'full';
ALTER TABLE "link_touch" ADD COLUMN "user_agent_recorded" TEXT NOT NULL DEFAULT 'full';

-- What an organization's hashes are keyed with, sealed by the vault under the organization key that is named. One for good.
CREATE TABLE "recording_key" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "organization_key_id" UUID NOT NULL,
    "sealed_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "recording_key_pkey" PRIMARY KEY ("organization_id")
);

SELECT "protect_tenant_table"('recording_key');
