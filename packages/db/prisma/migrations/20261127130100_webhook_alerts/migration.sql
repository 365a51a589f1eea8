-- Receivers that asked are told of alerts too: what waits for each, as it will be sent.
ALTER TABLE "webhook" ADD COLUMN "alerts" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "webhook_alert" (
    "organization_id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "webhook_alert_pkey" PRIMARY KEY ("organization_id","webhook_id","id"),
    CONSTRAINT "webhook_alert_webhook_fkey" FOREIGN KEY ("organization_id", "webhook_id") REFERENCES "webhook" ("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

SELECT "protect_tenant_table"('webhook_alert'::regclass);
