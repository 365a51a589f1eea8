-- A domain that an organization says is its own counts once the DNS proves it. Those that are there were set up by whoever runs Signet.
ALTER TABLE "organization_domain" ADD COLUMN "verified_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp();

CREATE TABLE "domain_claim" (
    "organization_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "challenge" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "domain_claim_pkey" PRIMARY KEY ("organization_id","domain")
);

-- Keys that sign a domain's mails (RFC 6376): the private one sealed under the organization's key.
CREATE TABLE "dkim_key" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "selector" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "sealed_private_key" BYTEA NOT NULL,
    "organization_key_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "active" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "dkim_key_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "dkim_key_domain_fkey" FOREIGN KEY ("domain") REFERENCES "organization_domain" ("domain") ON DELETE CASCADE ON UPDATE NO ACTION
);

CREATE UNIQUE INDEX "dkim_key_domain_selector_key" ON "dkim_key" ("domain", "selector");
CREATE UNIQUE INDEX "dkim_key_active_key" ON "dkim_key" ("domain") WHERE "active";

SELECT "protect_tenant_table"('domain_claim');
SELECT "protect_tenant_table"('dkim_key');
