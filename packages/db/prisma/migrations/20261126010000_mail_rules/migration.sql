-- Two rules of one name could not be told apart in a decision, which names its rules.
CREATE UNIQUE INDEX "mail_rule_name_key" ON "mail_rule" ("organization_id", lower("rule"->>'name'));

-- Groups of senders that rules ask about. A group is named by people: its name is kept as written, and found in any case.
CREATE TABLE "sender_group" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "sender_group_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "sender_group_address" (
    "organization_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "address_key" TEXT NOT NULL,

    CONSTRAINT "sender_group_address_pkey" PRIMARY KEY ("organization_id","group_id","address_key"),
    CONSTRAINT "sender_group_address_organization_id_group_id_fkey" FOREIGN KEY ("organization_id","group_id")
        REFERENCES "sender_group" ("organization_id","id") ON DELETE CASCADE ON UPDATE NO ACTION
);

CREATE UNIQUE INDEX "sender_group_name_key" ON "sender_group" ("organization_id", lower("name"));
-- Which groups is a sender in: asked for each message.
CREATE INDEX "sender_group_address_key_idx" ON "sender_group_address" ("organization_id", "address_key");

SELECT "protect_tenant_table"('sender_group');
SELECT "protect_tenant_table"('sender_group_address');
