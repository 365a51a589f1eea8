-- A month whose partition comes late (the worker was off, or records of another system are older than Signet) has entries in the default
-- partition already, where they would keep its own from being made: they move. Whoever reads or writes the trail waits meanwhile. A month
-- without entries holds up writers for a moment, and those readers who look into the default partition.
CREATE OR REPLACE FUNCTION "ensure_audit_partition" (at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  month_start timestamptz := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  month_end timestamptz := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  partition_name text := 'audit_entry_' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM');
BEGIN
  IF to_regclass(partition_name) IS NOT NULL THEN
    RETURN;
  END IF;
  -- One maker at a time: whoever waited finds the partition there.
  PERFORM pg_advisory_xact_lock(72707371, 0);
  -- Asked of the table itself: `to_regclass` may remember that there was none.
  IF EXISTS (SELECT FROM pg_class WHERE relname = partition_name AND relnamespace = current_schema()::regnamespace) THEN
    RETURN;
  END IF;
  -- First, for every lock of the trail is taken from the table down, as readers and writers do. Nobody adds meanwhile: an entry that waits for
  -- the default partition would be refused there once it is the new one's.
  LOCK TABLE ONLY audit_entry IN SHARE ROW EXCLUSIVE MODE;
  EXECUTE format('CREATE TABLE %I (LIKE audit_entry INCLUDING DEFAULTS INCLUDING STORAGE)', partition_name);
  IF EXISTS (SELECT FROM audit_entry_default WHERE creation_time >= month_start AND creation_time < month_end) THEN
    -- A reader who had planned already and waits for the default partition alone would look there for what has moved, and never into the
    -- new one: each has read before this, or plans after it.
    LOCK TABLE ONLY audit_entry IN ACCESS EXCLUSIVE MODE;
    LOCK TABLE audit_entry_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
      'WITH moved AS (DELETE FROM audit_entry_default WHERE creation_time >= %L AND creation_time < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
      month_start, month_end, partition_name);
  END IF;
  EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition_name, month_start, month_end);
  PERFORM protect_tenant_table(partition_name::regclass);
END $$;

-- The months that should have a partition and have none: from this one to so many ahead, and those whose entries lie in the default partition,
-- as far as a trail reasonably reaches back.
CREATE FUNCTION "missing_audit_partitions" (ahead integer) RETURNS SETOF timestamptz LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT month AT TIME ZONE 'UTC' FROM (
    SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + months * interval '1 month' AS month FROM generate_series(0, ahead) AS months
    UNION
    SELECT date_trunc('month', creation_time AT TIME ZONE 'UTC') FROM audit_entry_default
    WHERE creation_time >= now() - interval '10 years' AND creation_time < now()
  ) AS wanted
  WHERE to_regclass('audit_entry_' || to_char(month, 'YYYYMM')) IS NULL ORDER BY month
$$;

DO $$
BEGIN
  -- A maker that cannot have a lock, such as during a pg_dump, gives up and lets those through that queue behind it: they wait no longer
  -- than this for each try.
  EXECUTE format('ALTER FUNCTION ensure_audit_partition(timestamptz) SET search_path = %I, pg_temp', current_schema());
  EXECUTE 'ALTER FUNCTION ensure_audit_partition(timestamptz) SET lock_timeout = ''1s''';
  EXECUTE format('ALTER FUNCTION missing_audit_partitions(integer) SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION "missing_audit_partitions" (integer) FROM public;
GRANT EXECUTE ON FUNCTION "missing_audit_partitions" (integer) TO signet_app;
