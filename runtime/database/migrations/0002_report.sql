-- What a worker may do: EXECUTE these functions and nothing else. Each is SECURITY DEFINER and fenced:
-- a launch token works once (claim), everything after needs the secret that only this worker holds.
-- The tables keep sha256 hashes. A late, doubled or foreign call changes nothing and says so.
-- Lock order everywhere: attempt before task_instance.

-- NOTIFY takes an instance-wide lock at commit, so a wake-up is sent only when a scheduler said that it goes
-- to sleep, and only once. A sequence is the flag because it is read and set outside of transactions. An event
-- committed in the moment before the flag is seen by the second look that a scheduler takes 15 ms later.
CREATE SEQUENCE podline.sleeping MINVALUE 0 START 0;

CREATE FUNCTION podline.put_event(p_run bigint, p_instance bigint, p_attempt bigint, p_kind text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO podline.event (run_id, instance_id, attempt_id, kind)
  VALUES (p_run, p_instance, p_attempt, p_kind);
  IF (SELECT last_value FROM podline.sleeping) = 1 THEN
    PERFORM setval('podline.sleeping', 0), pg_notify('podline_wake', '');
  END IF;
END $$;

-- Outputs and variables that a task refers to; exactly these are handed to it.
CREATE FUNCTION podline.xcoms_for(p_run bigint, p_task jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('task', x.task_id, 'key', x.key, 'mapIndex', x.map_index, 'value', x.value)
                            ORDER BY x.task_id, x.key, x.map_index), '[]')
    FROM (SELECT DISTINCT e ->> 'task' AS task_id, coalesce(e ->> 'key', 'return_value') AS key
            FROM jsonb_array_elements(p_task #> '{references,xcoms}') e) need
   CROSS JOIN LATERAL (SELECT * FROM podline.xcom v
                        WHERE v.run_id = p_run AND v.task_id = need.task_id AND v.key = need.key OFFSET 0) x
$$;

CREATE FUNCTION podline.variables_for(p_task jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_object_agg(v.key, v.value), '{}') FROM podline.variable v
   WHERE v.key = ANY(ARRAY(SELECT jsonb_array_elements_text(p_task #> '{references,variables}')))
$$;

-- Everything that whoever runs an attempt is told: the task, its run, what it refers to. Read by the claim of a worker, and
-- by the executor for attempts that no worker claims (pods of any image).
CREATE FUNCTION podline.assignment_of(p_attempt bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT jsonb_build_object(
    'attempt', jsonb_build_object('id', att.id, 'number', att.number, 'try', ti.tries_used + 1,
                                  'maxTries', ti.max_tries, 'look', att.looks),
    'instance', jsonb_build_object('id', ti.id, 'mapIndex', ti.map_index,
                                   'firstLookAt', coalesce(ti.first_look_at, podline.now())),
    'run', jsonb_build_object('id', u.id, 'dagId', u.dag_id, 'runId', u.run_id, 'kind', u.kind,
                              'logicalDate', u.logical_date, 'intervalStart', u.interval_start,
                              'intervalEnd', u.interval_end, 'startedAt', u.started_at, 'params', u.params),
    'now', podline.now(),
    'timezone', v.plan ->> 'timezone',
    'task', p.spec,
    'bundleId', v.bundle_id,
    'xcoms', CASE WHEN p.spec #> '{references,xcoms}' = '[]' THEN '[]' ELSE podline.xcoms_for(u.id, p.spec) END,
    'variables', CASE WHEN p.spec #> '{references,variables}' = '[]' THEN '{}' ELSE podline.variables_for(p.spec) END)
    FROM podline.attempt att
    JOIN podline.task_instance ti ON ti.id = att.instance_id
    JOIN podline.run u ON u.id = ti.run_id
    JOIN podline.dag_version v ON v.id = u.version_id
    JOIN podline.plan_task p ON p.version_id = u.version_id AND p.task_id = ti.task_id
   WHERE att.id = p_attempt);
END $$;

-- Swaps the launch token for the worker's secret (given as its sha256). Returns the assignment, or
-- NULL when the token was used by another, withdrawn or never given: then the caller must not run anything.
CREATE FUNCTION report.claim(p_attempt bigint, p_token bytea, p_secret_hash bytea, p_host text, p_facts jsonb,
                             p_lease_seconds int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  att podline.attempt;
BEGIN
  -- CASE and `state || ''` keep the planner on the primary key; a partial index on the state costs 0.4 ms more.
  UPDATE podline.attempt a
     SET state = 'running', token_hash = NULL, secret_hash = p_secret_hash, host = p_host,
         facts = coalesce(a.facts, '{}') || coalesce(p_facts, '{}'), claimed_at = coalesce(a.claimed_at, podline.now()),
         lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
   WHERE a.id = p_attempt
     AND ((a.state || '' = 'launching' AND a.token_hash = sha256(p_token))
          -- the same worker asks again: the first answer was lost on its way
          OR (a.state || '' = 'running' AND a.secret_hash = p_secret_hash))
  RETURNING * INTO att;
  IF NOT FOUND THEN RETURN NULL; END IF;
  UPDATE podline.task_instance t
     SET state = 'running', started_at = coalesce(t.started_at, podline.now()),
         first_look_at = coalesce(t.first_look_at, podline.now())
   WHERE t.id = att.instance_id AND t.attempt_id = att.id AND t.state || '' IN ('launching', 'running');
  IF NOT FOUND THEN
    -- Its instance no longer names it: nobody may run it any more.
    UPDATE podline.attempt a SET state = 'failed', cause = 'cancelled', ended_at = podline.now(), gone_at = podline.now()
     WHERE a.id = p_attempt;
    RETURN NULL;
  END IF;

  RETURN podline.assignment_of(att.id);
END $$;

-- The attempt that this secret belongs to, locked, whatever its state; NULL for a wrong secret.
CREATE FUNCTION podline.attempt_of(p_attempt bigint, p_secret bytea) RETURNS podline.attempt
LANGUAGE sql AS $$
  SELECT * FROM podline.attempt a WHERE a.id = p_attempt AND a.secret_hash = sha256(p_secret) FOR UPDATE
$$;

-- Records how the attempt ended: exactly once. p_outcome:
--   { state: success | failed | skipped | waiting, cause, exitCode, message, choice, delay, xcom, mapLength }
-- `xcom` (when present) is stored under return_value. `waiting` ends one look of a sensor.
-- Returns recorded | duplicate (same end reported before) | stale (no longer this worker's business).
CREATE FUNCTION report.finish(p_attempt bigint, p_secret bytea, p_outcome jsonb, p_log_seq int, p_log bytea) RETURNS text
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
         gone_at = podline.now(), cause = p_outcome ->> 'cause', exit_code = (p_outcome ->> 'exitCode')::int,
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

-- Appends a chunk of log. A repeated sequence number is ignored, so a retry after a lost reply is safe.
-- Accepted also after the attempt was ended by others: the last words of a cancelled task are wanted.
CREATE FUNCTION report.append_log(p_attempt bigint, p_secret bytea, p_seq int, p_content bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE podline.attempt a SET log_bytes = a.log_bytes + octet_length(p_content)
   WHERE a.id = p_attempt AND a.secret_hash = sha256(p_secret)
     AND NOT EXISTS (SELECT FROM podline.log_chunk c
                      WHERE c.attempt_id = p_attempt AND c.source = 'task' AND c.seq = p_seq);
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO podline.log_chunk (attempt_id, seq, content) VALUES (p_attempt, p_seq, p_content) ON CONFLICT DO NOTHING;
  RETURN true;
END $$;

-- Renews the slow lease. False: this attempt is no longer wanted, stop the work.
CREATE FUNCTION report.heartbeat(p_attempt bigint, p_secret bytea, p_lease_seconds int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE podline.attempt a SET lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
   WHERE a.id = p_attempt AND a.secret_hash = sha256(p_secret) AND a.state = 'running';
  RETURN FOUND;
END $$;

CREATE FUNCTION report.push_xcom(p_attempt bigint, p_secret bytea, p_key text, p_value jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  att podline.attempt := podline.attempt_of(p_attempt, p_secret);
BEGIN
  IF att.id IS NULL OR att.state <> 'running' THEN RETURN false; END IF;
  IF octet_length(p_value::text) > 1000000 THEN
    RAISE EXCEPTION 'output too large' USING ERRCODE = 'PL003';
  END IF;
  INSERT INTO podline.xcom (run_id, task_id, map_index, key, value)
  SELECT t.run_id, t.task_id, t.map_index, p_key, p_value FROM podline.task_instance t WHERE t.id = att.instance_id
  ON CONFLICT (run_id, task_id, map_index, key) DO UPDATE SET value = excluded.value, created_at = podline.now();
  RETURN true;
END $$;

-- Outputs of the same run; NULL when there is none. Mapped tasks give one row an instance.
CREATE FUNCTION report.pull_xcom(p_attempt bigint, p_secret bytea, p_task text, p_key text)
RETURNS TABLE (map_index int, value jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  att podline.attempt := podline.attempt_of(p_attempt, p_secret);
BEGIN
  IF att.id IS NULL OR att.state <> 'running' THEN RETURN; END IF;
  RETURN QUERY SELECT x.map_index, x.value FROM podline.xcom x
   WHERE x.run_id = att.run_id AND x.task_id = p_task AND x.key = p_key ORDER BY x.map_index;
END $$;

-- The code and files of the attempt's bundle, for a worker that does not have them yet.
CREATE FUNCTION report.bundle(p_attempt bigint, p_secret bytea) RETURNS TABLE (path text, content bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  att podline.attempt := podline.attempt_of(p_attempt, p_secret);
BEGIN
  IF att.id IS NULL OR att.state <> 'running' THEN RETURN; END IF;
  RETURN QUERY SELECT f.path, f.content FROM podline.bundle_file f
   WHERE f.bundle_id = (SELECT v.bundle_id FROM podline.run r JOIN podline.dag_version v ON v.id = r.version_id
                         WHERE r.id = att.run_id);
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA report FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA podline FROM PUBLIC;

-- The transition table of src/model/states.ts, enforced for everybody (a test keeps both equal).
CREATE FUNCTION podline.check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state || '>' || NEW.state) <> ALL (ARRAY[
    'none>scheduled', 'none>success', 'none>failed', 'none>skipped', 'none>upstream_failed', 'none>removed', 'none>deferred',
    'scheduled>queued', 'scheduled>deferred', 'scheduled>none', 'scheduled>success', 'scheduled>failed', 'scheduled>skipped', 'scheduled>removed',
    'queued>launching', 'queued>scheduled', 'queued>none', 'queued>success', 'queued>failed', 'queued>skipped', 'queued>removed',
    'launching>running', 'launching>scheduled', 'launching>up_for_retry', 'launching>none', 'launching>success', 'launching>failed', 'launching>skipped',
    'running>success', 'running>failed', 'running>skipped', 'running>up_for_retry', 'running>up_for_reschedule', 'running>none',
    'up_for_retry>scheduled', 'up_for_retry>none', 'up_for_retry>success', 'up_for_retry>failed', 'up_for_retry>skipped',
    'up_for_reschedule>scheduled', 'up_for_reschedule>none', 'up_for_reschedule>success', 'up_for_reschedule>failed', 'up_for_reschedule>skipped',
    'deferred>scheduled', 'deferred>none', 'deferred>success', 'deferred>failed', 'deferred>skipped',
    'success>none', 'success>failed', 'failed>none', 'failed>success',
    'skipped>none', 'skipped>success', 'skipped>failed',
    'upstream_failed>none', 'upstream_failed>success', 'upstream_failed>failed',
    'removed>none', 'removed>success', 'removed>failed']::text[])
  THEN
    RAISE EXCEPTION 'task instance % may not move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'PL004';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER task_instance_move BEFORE UPDATE OF state ON podline.task_instance
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION podline.check_move();
