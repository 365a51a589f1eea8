-- The second wall between organizations (docs/decisions/0007): every tenant table shows a statement the rows of one organization
-- only, the one that its transaction names in `signet.organization_id`. Whoever names none sees nothing and writes nothing.

-- Roles belong to the whole cluster: another database's Signet, or an administrator, may have made them. They hold privileges; accounts
-- that sign in are members of them, or are made of them (`alter role signet_app login password …`).
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['signet_app', 'signet_retention', 'signet_sealer'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role_name);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'The database role % is missing, and % may not create it: let an administrator of PostgreSQL run "%", and migrate again',
            role_name, current_user, 'create role signet_app; create role signet_retention; create role signet_sealer';
      END;
    END IF;
  END LOOP;
END $$;

-- The one organization that the transaction may see; null where it named none, or is one of Signet's own that serve all of them.
CREATE FUNCTION "visible_organization" () RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(nullif(current_setting('signet.organization_id', true), ''), 'every')::uuid;

-- Whether the transaction said that it serves every organization: signing in, the outbox relay, sweeps, migrations.
CREATE FUNCTION "sees_every_organization" () RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('signet.organization_id', true) IS NOT DISTINCT FROM 'every';

-- Puts a table behind the wall, its partitions too, and lets the apps at it: each migration ends with a call for each table with an
-- `organization_id` that it makes. Fine to repeat. What is append-only the apps may read and add to, and no more.
CREATE FUNCTION "protect_tenant_table" ("target" regclass, "append_only" boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  owning_column text := CASE WHEN target = 'organization'::regclass THEN 'id' ELSE 'organization_id' END;
  dependent regclass;
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = target AND polname = 'organization_wall') THEN
    -- The calls stand in subselects, so that they run once for a statement and not once for a row.
    EXECUTE format(
      'CREATE POLICY organization_wall ON %s USING (%I = (SELECT visible_organization()) OR (SELECT sees_every_organization()))',
      target, owning_column);
  END IF;
  EXECUTE format('REVOKE ALL ON %s FROM public, signet_app', target);
  -- Partitions are reached through their table alone.
  IF NOT (SELECT relispartition FROM pg_class WHERE oid = target) THEN
    EXECUTE format('GRANT SELECT, INSERT%s ON %s TO signet_app', CASE WHEN append_only THEN '' ELSE ', UPDATE, DELETE' END, target);
    FOR dependent IN
      SELECT objid::regclass FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
      WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = target AND deptype IN ('a', 'i')
    LOOP
      EXECUTE format('GRANT USAGE ON SEQUENCE %s TO signet_app', dependent);
    END LOOP;
  END IF;
  FOR dependent IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = target LOOP
    PERFORM protect_tenant_table(dependent, append_only);
  END LOOP;
END $$;

-- As before, but with the owner's rights, for the apps make no tables; and each partition is behind the wall when it is there.
CREATE OR REPLACE FUNCTION "ensure_audit_partition" (at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  month_start timestamptz := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  month_end timestamptz := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  partition_name text := 'audit_entry_' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM');
BEGIN
  IF to_regclass(partition_name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_entry FOR VALUES FROM (%L) TO (%L)', partition_name, month_start, month_end);
    PERFORM protect_tenant_table(partition_name::regclass);
  END IF;
END $$;

-- With the owner's rights nothing may be found that a caller has laid in the way; and only the apps make partitions.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION ensure_audit_partition(timestamptz) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO signet_app, signet_retention, signet_sealer', current_schema());
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM public', current_schema());
END $$;
REVOKE ALL ON FUNCTION "ensure_audit_partition" (timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION "ensure_audit_partition" (timestamptz) TO signet_app;

SELECT "protect_tenant_table"(name::regclass) FROM unnest(ARRAY[
  'organization', 'tracking_period', 'organization_domain', 'organization_key', 'branding_template', 'branding_template_revision',
  'mail_rule', 'message', 'message_part', 'recipient', 'revocation', 'passcode_request', 'recipient_session', 'message_access',
  'attachment_download', 'link_touch', 'outbox', 'audit_receipt', 'log_head', 'member', 'member_session', 'api_key',
  'smtp_credential', 'idempotency_key'
]) AS name;
-- The trail and its log: the apps add to them, and can neither change nor remove what is there.
SELECT "protect_tenant_table"(name::regclass, append_only => true)
FROM unnest(ARRAY['audit_entry', 'audit_entry_address', 'admin_record', 'log_entry']) AS name;

-- What belongs to no organization.
GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_limit" TO signet_app;
-- Which migrations there are the apps must know; where Prisma replays this one to compare schemas, the table is not there.
DO $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    GRANT SELECT ON "_prisma_migrations" TO signet_app;
  END IF;
END $$;

-- Who removes entries whose time is over, and who seals the log, are accounts of their own, and can do just that.
GRANT SELECT, DELETE ON "audit_entry", "audit_entry_address", "admin_record" TO signet_retention;
GRANT SELECT ON "log_entry" TO signet_sealer;
GRANT SELECT, UPDATE ON "log_head" TO signet_sealer;
