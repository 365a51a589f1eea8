-- Senders are told by mail what becomes of their messages. Bounces from the start: else nobody learns that a mail did not arrive.
ALTER TABLE "organization" ADD COLUMN "notify_first_opening" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "organization" ADD COLUMN "notify_unread_after_days" INTEGER;
ALTER TABLE "organization" ADD COLUMN "notify_bounced" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "organization" ADD COLUMN "notify_expired_unread" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "organization" ADD COLUMN "notify_refused_after_revocation" BOOLEAN NOT NULL DEFAULT false;
-- Recipients added until then were looked at for having opened nothing: a setting counts from when it was made.
ALTER TABLE "organization" ADD COLUMN "unread_noted_through" TIMESTAMPTZ(3);

-- Not of a machine's mail. Of what was taken before, nobody knows whose mail it was.
ALTER TABLE "message" ADD COLUMN "tells_sender" BOOLEAN NOT NULL DEFAULT false;

-- Recipients in the order in which they came: those whose days are over are a span of it.
CREATE INDEX "recipient_organization_id_created_at_idx" ON "recipient"("organization_id", "created_at");

-- What there is to tell, each once. No foreign key: it would lock the message's row behind the recipient's, which others take
-- the other way round.
CREATE TABLE "sender_fact" (
    "organization_id" UUID NOT NULL,
    "message_uid" UUID NOT NULL,
    "recipient_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "noted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "mail_id" UUID,
    "gathered_at" TIMESTAMPTZ(3),

    CONSTRAINT "sender_fact_pkey" PRIMARY KEY ("organization_id","message_uid","recipient_id","kind")
);

-- What waits to be gathered into a mail.
CREATE INDEX "sender_fact_waiting_idx" ON "sender_fact" ("organization_id", "message_uid") INCLUDE ("noted_at") WHERE "mail_id" IS NULL;

CREATE TABLE "sender_preference" (
    "organization_id" UUID NOT NULL,
    "address_key" TEXT NOT NULL,
    "declined" TEXT[],

    CONSTRAINT "sender_preference_pkey" PRIMARY KEY ("organization_id","address_key")
);

SELECT "protect_tenant_table"('sender_fact');
SELECT "protect_tenant_table"('sender_preference');
