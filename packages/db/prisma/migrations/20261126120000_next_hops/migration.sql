-- Mail servers that an organization's mail goes to instead of the installation's next hop, by the recipient's domain. The password is sealed
-- under the organization's key.
CREATE TABLE "next_hop" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "domain" TEXT,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "tls" TEXT NOT NULL,
    "username" TEXT,
    "sealed_password" BYTEA,
    "organization_key_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "next_hop_pkey" PRIMARY KEY ("organization_id","id")
);

-- One for each domain, and one for all others.
CREATE UNIQUE INDEX "next_hop_domain_key" ON "next_hop" ("organization_id", "domain") NULLS NOT DISTINCT;

SELECT "protect_tenant_table"('next_hop');
