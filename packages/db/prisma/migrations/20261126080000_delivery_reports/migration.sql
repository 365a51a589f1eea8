-- What the sender asked to be told of the delivery to a recipient, as it came in the envelope (RFC 3461). Null: nothing was said.
ALTER TABLE "recipient" ADD COLUMN "dsn" JSONB;

-- What became of the delivery is told in a report (RFC 3464): what the next hop said, and which facts stand in one report.
ALTER TABLE "sender_fact" ADD COLUMN "response" TEXT;
ALTER TABLE "sender_fact" ADD COLUMN "told_in" TEXT NOT NULL DEFAULT '';
