-- What makes the first organization: the SHA-256 of the token that the api printed when it started, while there is no organization.
CREATE TABLE "setup_token" (
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "setup_token_pkey" PRIMARY KEY ("token_hash")
);

-- Belongs to no organization, and is never changed: another one takes its place.
GRANT SELECT, INSERT, DELETE ON "setup_token" TO signet_app;
