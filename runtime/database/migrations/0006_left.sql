-- An attempt may end before its process does: see `left`. Takes the place of report.finish of 0002_report.sql.

-- Records how the attempt ended: exactly once. p_outcome:
--   { state: success | failed | skipped | waiting, cause, exitCode, message, choice, delay, xcom, mapLength, left }
-- `left`: code of the task did not heed its stop and may still run. Then the executor tells when its process is gone,
-- and the next attempt waits for that.
-- `xcom` (when present) is stored under return_value. `waiting` ends one look of a sensor.
-- Returns recorded | duplicate (same end reported before) | stale (no longer this worker's business).
CREATE OR REPLACE FUNCTION report.finish(p_attempt bigint, p_secret bytea, p_outcome jsonb, p_log_seq int, p_log bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  att podline.attempt;
  new_state text := p_outcome ->> 'state';
  found_state text;
  found_outcome jsonb;
BEGIN
  IF new_state IS NULL OR new_state NOT IN ('success', 'failed', 'skipped', 'waiting') THEN
    RAISE EXCEPTION 'unknown outcome %', new_state USING ERRCODE = 'PL002';
  END IF;
  UPDATE podline.attempt a
     SET state = new_state, ended_at = CASE WHEN new_state = 'waiting' THEN NULL ELSE podline.now() END,
         gone_at = CASE WHEN (p_outcome ->> 'left')::boolean THEN NULL ELSE podline.now() END, cause = p_outcome ->> 'cause', exit_code = (p_outcome ->> 'exitCode')::int,
         message = left(p_outcome ->> 'message', 8192), lease_until = NULL,
         outcome = (p_outcome - 'xcom' - 'message') || jsonb_build_object('reported', true, 'hasXcom', p_outcome ? 'xcom'),
         log_bytes = a.log_bytes + coalesce(octet_length(p_log), 0)
   WHERE a.id = p_attempt AND a.secret_hash = sha256(p_secret) AND a.state || '' = 'running'
  RETURNING * INTO att;
  IF NOT FOUND THEN
    SELECT a.state, a.outcome INTO found_state, found_outcome FROM podline.attempt a
     WHERE a.id = p_attempt AND a.secret_hash = sha256(p_secret);
    RETURN CASE WHEN found_state = new_state AND (found_outcome ->> 'reported')::boolean THEN 'duplicate' ELSE 'stale' END;
  END IF;

  IF p_outcome ? 'xcom' AND new_state = 'success' THEN
    IF octet_length((p_outcome -> 'xcom')::text) > 1000000 THEN
      RAISE EXCEPTION 'output too large' USING ERRCODE = 'PL003';
    END IF;
    INSERT INTO podline.xcom (run_id, task_id, map_index, key, value)
    SELECT t.run_id, t.task_id, t.map_index, 'return_value', p_outcome -> 'xcom'
      FROM podline.task_instance t WHERE t.id = att.instance_id
    ON CONFLICT (run_id, task_id, map_index, key) DO UPDATE SET value = excluded.value, created_at = podline.now();
  END IF;
  IF octet_length(p_log) > 0 THEN
    INSERT INTO podline.log_chunk (attempt_id, seq, content) VALUES (p_attempt, p_log_seq, p_log)
    ON CONFLICT DO NOTHING;
  END IF;
  PERFORM podline.put_event(att.run_id, att.instance_id, p_attempt, 'ended');
  RETURN 'recorded';
END $$;
