-- What members should look at: one row for each thing while it lasts. Whom or what it is about is looked up when it is read, so that
-- nothing of a message stands here that its erasure would have to find.
CREATE TABLE "alert" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "about_id" UUID,
    "count" INTEGER NOT NULL,
    "waiting" BIGINT,
    "detail" TEXT,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" JSONB,
    "mailed_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE UNIQUE INDEX "alert_open_idx" ON "alert" ("organization_id", "kind", "subject") WHERE "resolved_at" IS NULL;
CREATE INDEX "alert_mailed_idx" ON "alert" ("organization_id", "kind", "mailed_at") WHERE "mailed_at" IS NOT NULL;

-- Who pulls the log with which key, and from where on: the only thing by which a reader that stopped can be told from none.
CREATE TABLE "feed_reader" (
    "organization_id" UUID NOT NULL,
    "api_key_id" UUID NOT NULL,
    "next_index" BIGINT NOT NULL,
    "first_read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "feed_reader_pkey" PRIMARY KEY ("organization_id","api_key_id")
);

SELECT "protect_tenant_table"(name::regclass) FROM unnest(ARRAY['alert', 'feed_reader']) AS name;
