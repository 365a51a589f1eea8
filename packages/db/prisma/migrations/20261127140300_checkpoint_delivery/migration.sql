-- How often an organization's checkpoints leave the server, and to whom by mail; where there is no row, once a day to the admins.
CREATE TABLE "checkpoint_delivery" (
    "organization_id" UUID NOT NULL,
    "every_hours" INTEGER NOT NULL,
    "to_admins" BOOLEAN NOT NULL,
    "addresses" TEXT[],

    CONSTRAINT "checkpoint_delivery_pkey" PRIMARY KEY ("organization_id")
);

-- Checkpoints as they left, once for all who got them.
CREATE TABLE "checkpoint_sending" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "audit_size" BIGINT,
    "audit_note" TEXT,
    "admin_size" BIGINT,
    "admin_note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "checkpoint_sending_pkey" PRIMARY KEY ("organization_id","id")
);

-- What became of the mail to each.
CREATE TABLE "checkpoint_mail" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "sending_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "checkpoint_mail_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "checkpoint_mail_sending_fkey" FOREIGN KEY ("organization_id", "sending_id") REFERENCES "checkpoint_sending" ("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "checkpoint_mail_sending" ON "checkpoint_mail" ("organization_id", "sending_id");

SELECT "protect_tenant_table"(name::regclass) FROM unnest(ARRAY['checkpoint_delivery', 'checkpoint_sending', 'checkpoint_mail']) AS name;

-- A sending that is still to be sent there.
ALTER TABLE "syslog_destination" ADD COLUMN "checkpoint_id" UUID;
