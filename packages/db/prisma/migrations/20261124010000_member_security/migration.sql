-- How members sign in, by what, and what is open to them meanwhile (docs/decisions/0008).

-- Organizations that are there already go on as before; new ones ask for a second factor unless they are made otherwise.
ALTER TABLE "organization" ADD COLUMN "require_second_factor" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "organization" ALTER COLUMN "require_second_factor" SET DEFAULT true;

-- Somebody who was invited has no password yet.
ALTER TABLE "member" ALTER COLUMN "password_hash" DROP NOT NULL,
  ADD COLUMN "password_changed_at" TIMESTAMPTZ(3),
  ADD COLUMN "last_sign_in_at" TIMESTAMPTZ(3);

ALTER TABLE "member_session" ADD COLUMN "last_seen_at" TIMESTAMPTZ(3),
  ADD COLUMN "authenticated_at" TIMESTAMPTZ(3),
  ADD COLUMN "factors" TEXT[] NOT NULL DEFAULT ARRAY['password']::TEXT[],
  ADD COLUMN "client_ip" TEXT,
  ADD COLUMN "user_agent" TEXT;
UPDATE "member_session" SET "last_seen_at" = "created_at", "authenticated_at" = "created_at";
ALTER TABLE "member_session" ALTER COLUMN "last_seen_at" SET NOT NULL,
  ALTER COLUMN "authenticated_at" SET NOT NULL,
  ALTER COLUMN "factors" DROP DEFAULT;
CREATE INDEX "member_session_organization_id_member_id_idx" ON "member_session"("organization_id", "member_id");
-- With a member goes everything that opens the organization to them.
ALTER TABLE "member_session" ADD CONSTRAINT "member_session_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "member"("organization_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- A link that was mailed: an invitation's or a password reset's. One of each kind a member; used, it is gone.
CREATE TABLE "member_link" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_link_pkey" PRIMARY KEY ("organization_id","id")
);
CREATE UNIQUE INDEX "member_link_token_hash_key" ON "member_link"("token_hash");
CREATE UNIQUE INDEX "member_link_organization_id_member_id_purpose_key" ON "member_link"("organization_id", "member_id", "purpose");
ALTER TABLE "member_link" ADD CONSTRAINT "member_link_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "member"("organization_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- An authenticator app: `pending` until a code of it has come back, `confirmed` from then on.
CREATE TABLE "member_totp" (
    "organization_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "organization_key_id" UUID NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "last_step" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_totp_pkey" PRIMARY KEY ("organization_id","member_id","state")
);
ALTER TABLE "member_totp" ADD CONSTRAINT "member_totp_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "member"("organization_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

CREATE TABLE "member_recovery_code" (
    "organization_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_recovery_code_pkey" PRIMARY KEY ("organization_id","member_id","code_hash")
);
ALTER TABLE "member_recovery_code" ADD CONSTRAINT "member_recovery_code_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "member"("organization_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

CREATE TABLE "member_passkey" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "credential_id" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[],
    "name" TEXT NOT NULL,
    "backed_up" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_passkey_pkey" PRIMARY KEY ("organization_id","id")
);
CREATE UNIQUE INDEX "member_passkey_credential_id_key" ON "member_passkey"("credential_id");
CREATE INDEX "member_passkey_organization_id_member_id_idx" ON "member_passkey"("organization_id", "member_id");
ALTER TABLE "member_passkey" ADD CONSTRAINT "member_passkey_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "member"("organization_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- A sign-in whose password was right and whose second factor is awaited.
CREATE TABLE "member_sign_in_step" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_sign_in_step_pkey" PRIMARY KEY ("organization_id","id")
);
CREATE UNIQUE INDEX "member_sign_in_step_token_hash_key" ON "member_sign_in_step"("token_hash");
ALTER TABLE "member_sign_in_step" ADD CONSTRAINT "member_sign_in_step_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "member"("organization_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- What a passkey is to sign, once. Of no organization: who signs in with a passkey alone is known only by its answer.
CREATE TABLE "passkey_challenge" (
    "challenge_hash" BYTEA NOT NULL,
    "purpose" TEXT NOT NULL,
    "subject" UUID,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "passkey_challenge_pkey" PRIMARY KEY ("challenge_hash")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON "passkey_challenge" TO signet_app;

SELECT protect_tenant_table('member_link');
SELECT protect_tenant_table('member_totp');
SELECT protect_tenant_table('member_recovery_code');
SELECT protect_tenant_table('member_passkey');
SELECT protect_tenant_table('member_sign_in_step');
