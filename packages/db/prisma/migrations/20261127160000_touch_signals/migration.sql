-- What a request for a link said of who asked, by the names of the entry's properties. Empty for touches counted before.
ALTER TABLE "link_touch" ADD COLUMN "signals" JSONB NOT NULL DEFAULT '{}';

-- Where a passcode was asked for, as an HMAC that only the api can make; null for what was asked for before. And whether a program asked,
-- so that what programs ask for is never counted against the recipient.
ALTER TABLE "passcode_request" ADD COLUMN "network_hmac" BYTEA;
ALTER TABLE "passcode_request" ADD COLUMN "by_program" BOOLEAN NOT NULL DEFAULT false;
