-- Messages that pass through, or inside the organization, as they came: for whom, and where the body begins in the stored original.
ALTER TABLE "recipient" ADD COLUMN "unwrapped" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "message" ADD COLUMN "body_offset" INTEGER;
