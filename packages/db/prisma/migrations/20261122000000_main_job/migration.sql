-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "enable_portal_tracking_logs" BOOLEAN NOT NULL DEFAULT false,
    "active_key_id" UUID NOT NULL,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tracking_period" (
    "organization_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "tracking_period_pkey" PRIMARY KEY ("organization_id","started_at")
);

-- CreateTable
CREATE TABLE "organization_domain" (
    "domain" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,

    CONSTRAINT "organization_domain_pkey" PRIMARY KEY ("domain")
);

-- CreateTable
CREATE TABLE "organization_key" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "provider_key_id" TEXT NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "organization_key_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "branding_template" (
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "revision_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "branding_template_pkey" PRIMARY KEY ("organization_id","name")
);

-- CreateTable
CREATE TABLE "branding_template_revision" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "branding_template_revision_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "mail_rule" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "rule" JSONB NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "mail_rule_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "message" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "message_id" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "sender" TEXT NOT NULL,
    "subject" TEXT,
    "template_revision_id" UUID NOT NULL,
    "template_name" TEXT NOT NULL,
    "uses_default_template" BOOLEAN NOT NULL,
    "rule_name" TEXT,
    "decision" JSONB NOT NULL,
    "size" BIGINT NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),
    "original_only" TEXT,
    "sanitiser_version" INTEGER NOT NULL,
    "blob_name" TEXT NOT NULL,
    "blob_length" BIGINT NOT NULL,
    "organization_key_id" UUID NOT NULL,
    "wrapped_key" BYTEA,

    CONSTRAINT "message_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "message_part" (
    "organization_id" UUID NOT NULL,
    "message_uid" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT,
    "content_type" TEXT,
    "content_id" TEXT,
    "shown_in_body" BOOLEAN NOT NULL DEFAULT false,
    "size" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "stored" JSONB NOT NULL,

    CONSTRAINT "message_part_pkey" PRIMARY KEY ("organization_id","message_uid","part")
);

-- CreateTable
CREATE TABLE "recipient" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "message_uid" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "address_key" TEXT NOT NULL,
    "link_token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivery_state" TEXT NOT NULL DEFAULT 'accepted',
    "wrapper_attempts" INTEGER NOT NULL DEFAULT 0,
    "last_response" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" JSONB,
    "revoke_reason" TEXT,
    "passcodes_sent" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "recipient_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "revocation" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "message_uid" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" JSONB NOT NULL,
    "reason" TEXT,
    "recipient_ids" UUID[],

    CONSTRAINT "revocation_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "passcode_request" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "recipient_id" UUID NOT NULL,
    "browser_hash" BYTEA NOT NULL,
    "code_hmac" BYTEA NOT NULL,
    "reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "passcode_request_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "recipient_session" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "address_key" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "recipient_session_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "message_access" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "recipient_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_access_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "attachment_download" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "recipient_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "outbox_id" BIGINT,
    "bytes_sent" BIGINT NOT NULL DEFAULT 0,
    "covered" int8multirange NOT NULL DEFAULT '{}'::int8multirange,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "attachment_download_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "link_touch" (
    "organization_id" UUID NOT NULL,
    "recipient_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "kind" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,
    "method" TEXT NOT NULL,
    "reason" TEXT,
    "client_ip" TEXT,
    "user_agent" TEXT,
    "authentication" TEXT,
    "count" INTEGER NOT NULL DEFAULT 1,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_touch_pkey" PRIMARY KEY ("organization_id","recipient_id","minute","kind","signature")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "organization_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "message_uid" UUID,
    "event_time" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "leased_until" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "dead_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_receipt" (
    "organization_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "content_hash" BYTEA NOT NULL,

    CONSTRAINT "audit_receipt_pkey" PRIMARY KEY ("organization_id","event_id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "organization_id" UUID NOT NULL,
    "creation_time" TIMESTAMPTZ(3) NOT NULL,
    "id" UUID NOT NULL,
    "log_index" BIGINT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "version" SMALLINT NOT NULL,
    "source" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "message_uid" UUID,
    "recipients" TEXT[],
    "sender" TEXT NOT NULL,
    "authentication_method" TEXT,
    "authentication_status" TEXT,
    "operation_status" TEXT NOT NULL,
    "attachment_name" TEXT,
    "operation_properties" JSON NOT NULL,
    "actor" JSON NOT NULL,
    "client_ip" TEXT,
    "user_agent" TEXT,
    "salt" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("organization_id","creation_time","id")
) PARTITION BY RANGE ("creation_time");

-- CreateTable
CREATE TABLE "audit_entry_address" (
    "organization_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "creation_time" TIMESTAMPTZ(3) NOT NULL,
    "entry_id" UUID NOT NULL,

    CONSTRAINT "audit_entry_address_pkey" PRIMARY KEY ("organization_id","role","address","creation_time","entry_id")
);

-- CreateTable
CREATE TABLE "admin_record" (
    "organization_id" UUID NOT NULL,
    "log_index" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "creation_time" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "actor_id" TEXT,
    "target_kind" TEXT NOT NULL,
    "target_id" TEXT,
    "record" JSON NOT NULL,
    "salt" BYTEA NOT NULL,

    CONSTRAINT "admin_record_pkey" PRIMARY KEY ("organization_id","log_index")
);

-- CreateTable
CREATE TABLE "log_head" (
    "organization_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "size" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_head_pkey" PRIMARY KEY ("organization_id","stream")
);

-- CreateTable
CREATE TABLE "log_entry" (
    "organization_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "log_index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "log_entry_pkey" PRIMARY KEY ("organization_id","stream","log_index")
);

-- CreateTable
CREATE TABLE "member" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "member_session" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_session_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "smtp_credential" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "smtp_credential_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "organization_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "message_uid" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("organization_id","key")
);

-- CreateTable
CREATE UNLOGGED TABLE "rate_limit" (
    "bucket" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(0) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("bucket","window_start")
);

-- CreateIndex
CREATE INDEX "organization_domain_organization_id_idx" ON "organization_domain"("organization_id");

-- CreateIndex
CREATE INDEX "mail_rule_organization_id_position_idx" ON "mail_rule"("organization_id", "position");

-- CreateIndex
CREATE INDEX "message_organization_id_message_id_idx" ON "message"("organization_id", "message_id");

-- CreateIndex
CREATE INDEX "message_organization_id_accepted_at_id_idx" ON "message"("organization_id", "accepted_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "message_blob_name_idx" ON "message"("blob_name");

-- CreateIndex
CREATE UNIQUE INDEX "message_organization_id_sender_fingerprint_key" ON "message"("organization_id", "sender", "fingerprint");

-- CreateIndex
CREATE UNIQUE INDEX "recipient_link_token_key" ON "recipient"("link_token");

-- CreateIndex
CREATE INDEX "recipient_organization_id_address_key_idx" ON "recipient"("organization_id", "address_key");

-- CreateIndex
CREATE UNIQUE INDEX "recipient_organization_id_message_uid_address_key_key" ON "recipient"("organization_id", "message_uid", "address_key");

-- CreateIndex
CREATE INDEX "revocation_organization_id_message_uid_idx" ON "revocation"("organization_id", "message_uid");

-- CreateIndex
CREATE INDEX "passcode_request_organization_id_recipient_id_created_at_idx" ON "passcode_request"("organization_id", "recipient_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "recipient_session_token_hash_key" ON "recipient_session"("token_hash");

-- CreateIndex
CREATE INDEX "attachment_download_organization_id_recipient_id_part_idx" ON "attachment_download"("organization_id", "recipient_id", "part");

-- CreateIndex
CREATE INDEX "link_touch_minute_idx" ON "link_touch"("minute");

-- CreateIndex
CREATE INDEX "audit_entry_organization_id_message_id_creation_time_idx" ON "audit_entry"("organization_id", "message_id", "creation_time");

-- CreateIndex
CREATE INDEX "audit_entry_organization_id_message_uid_creation_time_idx" ON "audit_entry"("organization_id", "message_uid", "creation_time");

-- CreateIndex
CREATE INDEX "audit_entry_organization_id_operation_creation_time_idx" ON "audit_entry"("organization_id", "operation", "creation_time");

-- CreateIndex
CREATE INDEX "audit_entry_organization_id_log_index_idx" ON "audit_entry"("organization_id", "log_index");

-- CreateIndex
CREATE INDEX "admin_record_organization_id_creation_time_idx" ON "admin_record"("organization_id", "creation_time");

-- CreateIndex
CREATE INDEX "admin_record_organization_id_target_kind_target_id_idx" ON "admin_record"("organization_id", "target_kind", "target_id");

-- CreateIndex
CREATE UNIQUE INDEX "admin_record_organization_id_id_key" ON "admin_record"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "member_email_key" ON "member"("email");

-- CreateIndex
CREATE UNIQUE INDEX "member_session_token_hash_key" ON "member_session"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE UNIQUE INDEX "smtp_credential_username_key" ON "smtp_credential"("username");

-- AddForeignKey
ALTER TABLE "message_part" ADD CONSTRAINT "message_part_organization_id_message_uid_fkey" FOREIGN KEY ("organization_id", "message_uid") REFERENCES "message"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "recipient" ADD CONSTRAINT "recipient_organization_id_message_uid_fkey" FOREIGN KEY ("organization_id", "message_uid") REFERENCES "message"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_organization_id_message_uid_fkey" FOREIGN KEY ("organization_id", "message_uid") REFERENCES "message"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- Rows that are waiting to be handed on, the oldest first; dead ones are out of the way.
CREATE INDEX "outbox_due_idx" ON "outbox" ("next_attempt_at", "id") WHERE "dead_at" IS NULL;

-- What has not become an entry yet: exposure reports and `indexedThrough` read it.
CREATE INDEX "outbox_message_idx" ON "outbox" ("organization_id", "message_uid") WHERE "message_uid" IS NOT NULL;
CREATE INDEX "outbox_event_time_idx" ON "outbox" ("organization_id", "event_time") WHERE "kind" = 'ingest-audit-event';

CREATE INDEX "outbox_dead_idx" ON "outbox" ("organization_id", "id") WHERE "dead_at" IS NOT NULL;

CREATE INDEX "message_subject_idx" ON "message" USING gin (to_tsvector('simple', coalesce("subject", '')));

-- Only one span of tracking is open at a time.
CREATE UNIQUE INDEX "tracking_period_open_idx" ON "tracking_period" ("organization_id") WHERE "ended_at" IS NULL;
CREATE UNIQUE INDEX "branding_template_default_idx" ON "branding_template" ("organization_id") WHERE "is_default";

-- A recipient's open downloads, found again by each further range.
CREATE UNIQUE INDEX "attachment_download_open_idx" ON "attachment_download" ("organization_id", "session_id", "recipient_id", "part") WHERE "ended_at" IS NULL;

-- Entries older or newer than the months made ahead are kept, not refused.
CREATE TABLE "audit_entry_default" PARTITION OF "audit_entry" DEFAULT;

-- Makes the partition of the month that a time lies in. Called ahead of time by the worker, and when a database is set up.
CREATE FUNCTION "ensure_audit_partition" (at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month_start timestamptz := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  month_end timestamptz := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  partition_name text := 'audit_entry_' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM');
BEGIN
  IF to_regclass(partition_name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_entry FOR VALUES FROM (%L) TO (%L)', partition_name, month_start, month_end);
  END IF;
END $$;

SELECT "ensure_audit_partition"(now() + months * interval '1 month') FROM generate_series(-1, 3) AS months;
