-- The languages of wrapper mails whose template names none: one, or two in one mail.
ALTER TABLE "organization" ADD COLUMN "mail_languages" TEXT[] NOT NULL DEFAULT '{en}';
ALTER TABLE "organization" ADD CONSTRAINT "organization_mail_languages" CHECK (cardinality("mail_languages") BETWEEN 1 AND 2);

-- The reference that a wrapper mail shows, as "recipientReferenceOf" of the domain makes it: whoever is asked whether the mail is genuine looks it up.
CREATE INDEX "recipient_reference_idx" ON "recipient" ("organization_id", (left(encode(sha256(uuid_send("id")), 'hex'), 12)));

-- Of the page where the passcode was asked for. Not in the job's payload: a worker of the version before reads no other than its own.
ALTER TABLE "passcode_request" ADD COLUMN "language" TEXT NOT NULL DEFAULT 'en';
