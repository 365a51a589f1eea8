-- Receivers that asked get the logs' checkpoints too, or them alone: then no entries are sent.
ALTER TABLE "webhook" ADD COLUMN "entries" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "webhook" ADD COLUMN "checkpoints" BOOLEAN NOT NULL DEFAULT false;
-- A sending that is still to be sent there.
ALTER TABLE "webhook" ADD COLUMN "checkpoint_id" UUID;
