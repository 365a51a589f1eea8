-- Whether senders are told by mail that a message of theirs has been taken.
ALTER TABLE "organization" ADD COLUMN "notify_senders" BOOLEAN NOT NULL DEFAULT false;

-- Requests for passcodes of senders. They belong to an address and to no organization: one is written for every address that
-- is asked about, ours or not, so that nothing tells which domains are ours.
CREATE TABLE "sender_passcode_request" (
    "id" UUID NOT NULL,
    "address_key" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "browser_hash" BYTEA NOT NULL,
    "code_hmac" BYTEA NOT NULL,
    "reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sender_passcode_request_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sender_session" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "address_key" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "sender_session_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE INDEX "sender_passcode_request_address_key_created_at_idx" ON "sender_passcode_request"("address_key", "created_at");
CREATE INDEX "sender_passcode_request_expires_at_idx" ON "sender_passcode_request"("expires_at");
CREATE UNIQUE INDEX "sender_session_token_hash_key" ON "sender_session"("token_hash");

-- A sender's own messages, newest first.
CREATE INDEX "message_sender_idx" ON "message" ("organization_id", lower("sender"), "accepted_at" DESC, "id" DESC);

SELECT "protect_tenant_table"('sender_session');
-- What belongs to no organization.
GRANT SELECT, INSERT, UPDATE, DELETE ON "sender_passcode_request" TO signet_app;
