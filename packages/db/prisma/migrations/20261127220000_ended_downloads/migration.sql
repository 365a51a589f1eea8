-- Downloads that are over are removed a day later.
CREATE INDEX "attachment_download_ended_idx" ON "attachment_download" ("ended_at") WHERE "ended_at" IS NOT NULL;
