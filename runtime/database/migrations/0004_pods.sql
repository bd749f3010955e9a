-- Output of direct pods. Nobody claims them: their launch token stays until the sidecar that reads the output file
-- hands the value in with it, once. The outcome itself is what the executor reads from the pod's status.

-- Returns stored (also when this very token stored it before: the first answer was lost), or refused: the attempt is
-- over, or it is not one of a direct pod, or the token is wrong.
CREATE FUNCTION report.push_output(p_attempt bigint, p_token bytea, p_value jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := sha256(p_token);
  att podline.attempt;
BEGIN
  IF octet_length(p_value::text) > 1000000 THEN
    RAISE EXCEPTION 'output too large' USING ERRCODE = 'PL003';
  END IF;
  UPDATE podline.attempt a
     SET token_hash = NULL,
         outcome = coalesce(a.outcome, '{}')
                   || jsonb_build_object('hasXcom', true, 'outputBy', encode(hash, 'hex'))
                   || CASE jsonb_typeof(p_value)
                        WHEN 'array' THEN jsonb_build_object('mapLength', jsonb_array_length(p_value))
                        WHEN 'object' THEN jsonb_build_object('mapLength', (SELECT count(*) FROM jsonb_object_keys(p_value)))
                        ELSE '{}' END
   WHERE a.id = p_attempt AND a.token_hash = hash AND a.state || '' IN ('launching', 'running')
     AND EXISTS (SELECT FROM podline.task_instance t
                   JOIN podline.run r ON r.id = t.run_id
                   JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = t.task_id
                  WHERE t.id = a.instance_id AND t.attempt_id = a.id AND p.spec ->> 'operator' = 'pod')
  RETURNING * INTO att;
  IF NOT FOUND THEN
    RETURN CASE WHEN EXISTS (SELECT FROM podline.attempt a
                              WHERE a.id = p_attempt AND a.outcome ->> 'outputBy' = encode(hash, 'hex'))
                THEN 'stored' ELSE 'refused' END;
  END IF;
  INSERT INTO podline.xcom (run_id, task_id, map_index, key, value)
  SELECT t.run_id, t.task_id, t.map_index, 'return_value', p_value FROM podline.task_instance t WHERE t.id = att.instance_id
  ON CONFLICT (run_id, task_id, map_index, key) DO UPDATE SET value = excluded.value, created_at = podline.now();
  RETURN 'stored';
END $$;

REVOKE ALL ON FUNCTION report.push_output FROM PUBLIC;

-- Logs of pods: how far a chunk read in the container's own log, so that another process goes on behind it.
ALTER TABLE podline.log_chunk ADD COLUMN position text;
