-- One row a word of an entry's subject, beside the one row an address: what a search by words reads, in the order of time. A GIN index
-- would be smaller, but it gives no order, and its operators are none that row-level security lets an index use.
CREATE TABLE "audit_entry_word" (
    "organization_id" UUID NOT NULL,
    "word" TEXT COLLATE "C" NOT NULL,
    "creation_time" TIMESTAMPTZ(3) NOT NULL,
    "entry_id" UUID NOT NULL,

    CONSTRAINT "audit_entry_word_pkey" PRIMARY KEY ("organization_id","word","creation_time","entry_id")
);

SELECT "protect_tenant_table"('audit_entry_word'::regclass, append_only => true);
GRANT SELECT, DELETE ON "audit_entry_word" TO signet_retention;

INSERT INTO "audit_entry_word" ("organization_id", "word", "creation_time", "entry_id")
SELECT e."organization_id", w."word", e."creation_time", e."id"
FROM "audit_entry" e
  CROSS JOIN json_array_elements(CASE json_typeof(e."operation_properties") WHEN 'array' THEN e."operation_properties" ELSE '[]' END) AS property
  CROSS JOIN unnest(tsvector_to_array(to_tsvector('simple', property ->> 'value'))) AS w("word")
WHERE property ->> 'name' = 'MailSubject'
ON CONFLICT DO NOTHING;

-- A prefix is a range of the index where texts are in the order of their bytes, whatever the database's collation.
ALTER TABLE "audit_entry_address" ALTER COLUMN "address" TYPE TEXT COLLATE "C";

-- What most entries have is found without an index; these lead to the others.
CREATE INDEX "audit_entry_authentication_method_idx" ON "audit_entry" ("organization_id", "authentication_method", "creation_time", "id")
  WHERE "authentication_method" IS NOT NULL;
CREATE INDEX "audit_entry_authentication_status_idx" ON "audit_entry" ("organization_id", "authentication_status", "creation_time", "id")
  WHERE "authentication_status" <> 'Success';
CREATE INDEX "audit_entry_operation_status_idx" ON "audit_entry" ("organization_id", "operation_status", "creation_time", "id")
  WHERE "operation_status" <> 'Success';
CREATE INDEX "audit_entry_source_idx" ON "audit_entry" ("organization_id", "source", "creation_time", "id") WHERE "source" <> 'signet';
