-- Warm workers (`podline worker --pool NAME`): what such a process may do, and nothing else. It takes work of the one
-- pool that it registered for, under an id and a secret of its own; the table keeps the secret's sha256. What it
-- runs reports through schema `report`, as everywhere. A late or foreign call changes nothing.

CREATE SCHEMA pool;
REVOKE ALL ON SCHEMA pool FROM PUBLIC;

ALTER TABLE podline.worker ADD COLUMN secret_hash bytea;
-- Pods of workers come and go: those that left stay until `db clean`.
CREATE INDEX worker_live ON podline.worker (id) WHERE stopped_at IS NULL;

-- The newest migration, so that a worker refuses a database that it does not know.
CREATE FUNCTION pool.version() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.name::text FROM public.podline_migration m ORDER BY m.id DESC LIMIT 1
$$;

CREATE FUNCTION pool.register(p_worker text, p_secret_hash bytea, p_pool text, p_host text, p_pid int, p_lock_key int,
                              p_slots int, p_version text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_pool !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$' OR p_slots NOT BETWEEN 1 AND 1000 OR octet_length(p_secret_hash) <> 32
     OR length(p_worker) > 300 OR length(p_host) > 255 OR length(p_version) > 100 THEN
    RAISE EXCEPTION 'not a worker' USING ERRCODE = 'PL005';
  END IF;
  INSERT INTO podline.worker (id, kind, host, pid, lock_key, executors, slots, version, secret_hash)
  VALUES (p_worker, 'pool', p_host, p_pid, p_lock_key, ARRAY['pool:' || p_pool], p_slots, p_version, p_secret_hash);
END $$;

-- The executor that a live worker serves; NULL for a wrong secret, or when others took it for dead.
CREATE FUNCTION podline.pool_of(p_worker text, p_secret bytea) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT w.executors[1] FROM podline.worker w
   WHERE w.id = p_worker AND w.kind = 'pool' AND w.secret_hash = sha256(p_secret) AND w.stopped_at IS NULL
$$;

-- Sign of life. Tells what must go, what is there, and whether work of its pool waits: then no wake-up came through.
CREATE FUNCTION pool.beat(p_worker text, p_secret bytea,
                          OUT alive boolean, OUT unwanted bigint[], OUT expected bigint[], OUT waiting boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  served text := podline.pool_of(p_worker, p_secret);
BEGIN
  alive := served IS NOT NULL;
  IF NOT alive THEN RETURN; END IF;
  UPDATE podline.worker w SET heartbeat_at = clock_timestamp() WHERE w.id = p_worker AND w.stopped_at IS NULL;
  unwanted := ARRAY(SELECT a.id FROM podline.attempt a
                     WHERE a.worker_id = p_worker AND a.gone_at IS NULL AND a.state NOT IN ('launching', 'running'));
  expected := ARRAY(SELECT a.id FROM podline.attempt a
                     WHERE a.worker_id = p_worker AND a.gone_at IS NULL AND a.state IN ('launching', 'running'));
  waiting := EXISTS (SELECT FROM podline.task_instance t WHERE t.state = 'queued' AND t.executor = served);
END $$;

-- Takes queued instances of its pool, one for each hash of a launch token: what launchAttempts does for the executors of a
-- scheduler (runtime/database/queries/launchAttempts.ts). SKIP LOCKED shares the work between workers.
CREATE FUNCTION pool.take(p_worker text, p_secret bytea, p_hashes bytea[])
RETURNS TABLE (attempt_id bigint, run_id bigint, dag_id text, task_id text, map_index int, number int, "position" bigint,
               bundle_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  served text := podline.pool_of(p_worker, p_secret);
BEGIN
  IF served IS NULL OR cardinality(p_hashes) > 128 THEN RETURN; END IF;
  RETURN QUERY
  WITH picked AS MATERIALIZED (
    SELECT t.place, row_number() OVER (ORDER BY t.priority DESC, t.id) AS position
      FROM (SELECT q.ctid AS place, q.id, q.priority FROM podline.task_instance q
             WHERE q.state = 'queued' AND q.executor = served
               AND (q.attempt_id IS NULL
                    OR EXISTS (SELECT FROM podline.attempt a WHERE a.id = q.attempt_id FOR NO KEY UPDATE SKIP LOCKED))
             ORDER BY q.priority DESC, q.id LIMIT cardinality(p_hashes) FOR NO KEY UPDATE SKIP LOCKED) t
  ), moved AS (
    UPDATE podline.task_instance t
       SET state = 'launching',
           attempt_id = coalesce(t.attempt_id, nextval('podline.attempt_id_seq')),
           attempts = t.attempts + (t.attempt_id IS NULL)::int
      FROM picked p WHERE p.place = t.ctid
    RETURNING t.id, t.run_id, t.dag_id, t.task_id, t.map_index, t.attempt_id, t.attempts, p.position
  ), made AS (
    INSERT INTO podline.attempt (id, instance_id, run_id, number, executor, worker_id, token_hash)
    OVERRIDING SYSTEM VALUE
    SELECT m.attempt_id, m.id, m.run_id, m.attempts, served, p_worker, p_hashes[m.position] FROM moved m
    ON CONFLICT (id) DO UPDATE
       SET state = 'launching', looks = podline.attempt.looks + 1, token_hash = excluded.token_hash, nonce = NULL,
           worker_id = excluded.worker_id, secret_hash = NULL, gone_at = NULL, outcome = NULL,
           launched_at = podline.now()
  )
  SELECT m.attempt_id, m.run_id, m.dag_id, m.task_id, m.map_index, m.attempts, m.position,
         (SELECT v.bundle_id FROM podline.dag_version v
           WHERE v.id = (SELECT r.version_id FROM podline.run r WHERE r.id = m.run_id))
    FROM moved m;
END $$;

-- No process of these attempts is left. Instances that waited for that are looked at again.
CREATE FUNCTION pool.gone(p_worker text, p_secret bytea, p_attempts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told bigint;
BEGIN
  IF podline.pool_of(p_worker, p_secret) IS NULL THEN RETURN; END IF;
  WITH gone AS (
    UPDATE podline.attempt a SET gone_at = coalesce(a.gone_at, podline.now())
     WHERE a.id = ANY(p_attempts) AND a.worker_id = p_worker AND a.state || '' NOT IN ('launching', 'running')
    RETURNING a.run_id, a.instance_id
  )
  SELECT count(podline.put_event(w.run_id, NULL, NULL, 'changed')) INTO told
    FROM (SELECT DISTINCT g.run_id FROM gone g JOIN podline.task_instance t ON t.id = g.instance_id
            WHERE t.state || '' = 'scheduled') w;
END $$;

-- Attempts whose process died without a report. A report that came first wins.
CREATE FUNCTION pool.ended(p_worker text, p_secret bytea, p_attempts bigint[], p_causes text[], p_messages text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told bigint;
BEGIN
  IF podline.pool_of(p_worker, p_secret) IS NULL THEN RETURN; END IF;
  IF NOT p_causes <@ ARRAY['interrupted', 'launch_failed', 'launch_lost', 'worker_lost', 'timeout', 'oom', 'signal', 'exit_code']
  THEN
    RAISE EXCEPTION 'unknown cause' USING ERRCODE = 'PL005';
  END IF;
  WITH ended AS (
    UPDATE podline.attempt a
       SET state = 'failed', cause = x.cause, message = left(x.message, 8192), ended_at = podline.now(),
           gone_at = podline.now(), token_hash = NULL, lease_until = NULL
      FROM unnest(p_attempts, p_causes, p_messages) AS x(id, cause, message)
     WHERE a.id = x.id AND a.worker_id = p_worker AND a.state || '' IN ('launching', 'running')
    RETURNING a.id, a.run_id, a.instance_id
  )
  SELECT count(podline.put_event(e.run_id, e.instance_id, e.id, 'ended')) INTO told FROM ended e;
END $$;

-- It leaves in order. What it still had is found by the schedulers a few seconds later.
CREATE FUNCTION pool.leave(p_worker text, p_secret bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE podline.worker w SET stopped_at = clock_timestamp()
   WHERE w.id = p_worker AND w.kind = 'pool' AND w.secret_hash = sha256(p_secret) AND w.stopped_at IS NULL;
END $$;

-- Tasks that a pool has to do: queued ones, and those at work on live workers. For autoscalers: it reads partial
-- indexes, and stops counting at p_most.
CREATE FUNCTION pool.depth(p_pool text, p_most int DEFAULT 10000) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)::int FROM (
    (SELECT 1 FROM podline.task_instance t
      WHERE t.state = 'queued' AND t.executor = 'pool:' || p_pool LIMIT p_most)
    UNION ALL
    (SELECT 1 FROM podline.worker w JOIN podline.attempt a ON a.worker_id = w.id
      WHERE w.stopped_at IS NULL AND w.executors = ARRAY['pool:' || p_pool]
        AND a.gone_at IS NULL AND a.state IN ('launching', 'running') LIMIT p_most)
    LIMIT p_most) tasks
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA pool FROM PUBLIC;
REVOKE ALL ON FUNCTION podline.pool_of FROM PUBLIC;
