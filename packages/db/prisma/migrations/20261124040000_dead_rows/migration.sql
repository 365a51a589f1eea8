-- What could not be done, and what is not there any more, each found without reading everything else.

ALTER TABLE "message" ADD COLUMN "content_missing_since" TIMESTAMPTZ(3);

CREATE INDEX "message_content_missing_idx" ON "message" ("organization_id", "id") WHERE "content_missing_since" IS NOT NULL;
CREATE INDEX "outbox_retrying_idx" ON "outbox" ("organization_id", "id") WHERE "dead_at" IS NULL AND "attempts" > 0;
