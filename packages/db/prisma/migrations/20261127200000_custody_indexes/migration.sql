-- Each entry and each message that may have to go is asked whether a hold keeps it: only holds that hold matter, and released ones stay for ever.
CREATE INDEX "legal_hold_holding_idx" ON "legal_hold" ("organization_id") WHERE "released_at" IS NULL;
