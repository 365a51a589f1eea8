-- Expiry that can be changed, is booked once, and after which content may be destroyed.

-- Whose the expiry is (what the organization has set, its sender does not put off), and for which expiry the trail has its
-- `MessageExpire` already: an expiry that is put off and reached again is another one.
ALTER TABLE "message" ADD COLUMN "expiry_set_by" TEXT NOT NULL DEFAULT 'template';
ALTER TABLE "message" ADD COLUMN "expiry_booked_for" TIMESTAMPTZ(3);

-- Expiries to come and those that nobody has booked yet, the earliest first: the worker reads the due ones and no others.
CREATE INDEX "message_expiry_due_idx" ON "message" ("organization_id", "expires_at")
  WHERE "erased_at" IS NULL AND "expiry_booked_for" IS DISTINCT FROM "expires_at";
-- What is stored, by its expiry: what is to be erased, and the forecast, which reads nothing but this index.
CREATE INDEX "message_stored_idx" ON "message" ("organization_id", "expires_at") INCLUDE ("blob_length") WHERE "erased_at" IS NULL;

-- `contentAfterExpiry`, `eraseAfterDays`, `sendersMayChangeExpiry`.
ALTER TABLE "organization" ADD COLUMN "content_after_expiry" TEXT NOT NULL DEFAULT 'keep';
ALTER TABLE "organization" ADD COLUMN "erase_after_days" INTEGER NOT NULL DEFAULT 30;
ALTER TABLE "organization" ADD COLUMN "senders_may_change_expiry" TEXT NOT NULL DEFAULT 'shorten';

-- What stands in the message's own row against reading it, as it is now: a volatile function looks with a snapshot of its own, and
-- so sees what was committed while the statement around it waited for a lock.
CREATE FUNCTION "message_state_now" ("organization" UUID, "message_uid" UUID)
RETURNS TABLE ("expires_at" TIMESTAMPTZ(3), "erased_at" TIMESTAMPTZ(3)) LANGUAGE sql VOLATILE ROWS 1
AS 'select m.expires_at, m.erased_at from message m where m.organization_id = $1 and m.id = $2';
