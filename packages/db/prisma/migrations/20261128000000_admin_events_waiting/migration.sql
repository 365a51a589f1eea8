-- What has not become an admin record yet, as `outbox_event_time_idx` has it of audit entries: the watch over alerts reads both.
CREATE INDEX "outbox_admin_event_time_idx" ON "outbox" ("organization_id", "event_time") WHERE "kind" = 'ingest-admin-event';
