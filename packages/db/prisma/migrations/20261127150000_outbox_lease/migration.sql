-- Rows that are waiting to be handed on, those first that have waited longest. A row in somebody's hands stands where its lease runs out,
-- behind all that are due: whoever leases the next ones never comes past those that were leased before, however many they are.
CREATE INDEX "outbox_lease_idx" ON "outbox" (greatest("next_attempt_at", "leased_until"), "id") WHERE "dead_at" IS NULL;
DROP INDEX "outbox_due_idx";
