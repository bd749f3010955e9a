-- What people want to see of an attempt once in a while, apart from its row, which is read and written all the time. As json,
-- not jsonb: they read it in the order in which it was written.
CREATE TABLE podline.attempt_detail (
  attempt_id  bigint PRIMARY KEY,
  rendered    json,                   -- config and environment with their templates rendered, secrets hidden
  pod         json,                   -- manifest that was sent to the cluster, its token hidden
  events      json                    -- what the cluster told of the pod: read where it waits long or fails
);

-- What the templates of the task have become. Written while the task runs, nobody waits for it.
CREATE FUNCTION report.note_rendered(p_attempt bigint, p_secret bytea, p_rendered json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF octet_length(p_rendered::text) > 1000000 THEN RETURN false; END IF;
  INSERT INTO podline.attempt_detail (attempt_id, rendered)
  SELECT a.id, p_rendered FROM podline.attempt a
   WHERE a.id = p_attempt AND a.secret_hash = sha256(p_secret) AND a.state || '' = 'running'
  ON CONFLICT (attempt_id) DO UPDATE SET rendered = excluded.rendered;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION report.note_rendered FROM PUBLIC;
