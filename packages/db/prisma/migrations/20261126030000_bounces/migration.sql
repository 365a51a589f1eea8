-- Where mail that could not be delivered comes back to: the domain of the envelope sender of wrapper mails, whose mail goes to the gateway.
-- Null: to the sender themselves.
ALTER TABLE "organization" ADD COLUMN "bounce_domain" TEXT;

CREATE UNIQUE INDEX "organization_bounce_domain_key" ON "organization"("bounce_domain");
