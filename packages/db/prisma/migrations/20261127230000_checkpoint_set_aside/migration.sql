-- Until when checkpoints that a receiver will not have wait, while what else it is sent goes on; null where it refused none.
ALTER TABLE "webhook" ADD COLUMN "checkpoint_after" TIMESTAMPTZ(3);
