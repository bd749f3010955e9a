-- Traces (OpenTelemetry): a run is a trace, an attempt a span. Ids follow from the rows, so whoever computes them gets the
-- same: a span that is sent twice has no twin, and a task can go on with the trace of its attempt.

ALTER TABLE podline.installation ADD COLUMN tracing boolean NOT NULL DEFAULT false;  -- as the scheduler that started last has it

ALTER TABLE podline.run
  ADD COLUMN ends       int NOT NULL DEFAULT 0,       -- how often it has ended; grows when it was cleared after its end
  ADD COLUMN cleared_at timestamptz;                  -- when it last went back to the queue
-- As they were when the attempt was launched; the instance goes on to its next attempt.
ALTER TABLE podline.attempt
  ADD COLUMN scheduled_at timestamptz,
  ADD COLUMN queued_at    timestamptz;

-- Ended runs and attempts whose spans are to be sent, written by the tick that decides upon the end. Empty without tracing.
CREATE TABLE podline.span_due (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('run', 'attempt')),
  subject_id   bigint NOT NULL,
  life         int NOT NULL,                          -- run.ends at that time: each life of a run is a trace of its own
  taken_until  timestamptz NOT NULL DEFAULT '-infinity'  -- until then a scheduler is about to send it
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- 64 hex digits that are the same whenever and wherever they are asked for.
CREATE FUNCTION podline.trace_hash(p_what text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(i.id || '/' || p_what, 'UTF8')), 'hex') FROM podline.installation i
$$;

-- Digits 1-32: the trace of one life of a run; 33-48: its root span.
CREATE FUNCTION podline.run_trace(p_run bigint, p_life int) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT podline.trace_hash('run/' || p_run || '/' || p_life)
$$;

-- Digits 1-16: the span of an attempt; 17-32 and 33-48: its spans `queue` and `launch`.
CREATE FUNCTION podline.attempt_spans(p_attempt bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT podline.trace_hash('attempt/' || p_attempt)
$$;

-- What a task is told (W3C Trace Context), so that its own spans hang below those of its attempt.
CREATE FUNCTION podline.traceparent(p_run bigint, p_life int, p_attempt bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '00-' || substr(podline.run_trace(p_run, p_life), 1, 32) || '-' || substr(podline.attempt_spans(p_attempt), 1, 16) || '-01'
$$;

REVOKE ALL ON FUNCTION podline.trace_hash, podline.run_trace, podline.attempt_spans, podline.traceparent FROM PUBLIC;

-- Takes the place of that in 0002_report.sql: adds traceparent, null without tracing.
CREATE OR REPLACE FUNCTION podline.assignment_of(p_attempt bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
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
    'traceparent', CASE WHEN (SELECT i.tracing FROM podline.installation i) THEN podline.traceparent(u.id, u.ends, att.id) END,
    'xcoms', CASE WHEN p.spec #> '{references,xcoms}' = '[]' THEN '[]' ELSE podline.xcoms_for(u.id, p.spec) END,
    'variables', CASE WHEN p.spec #> '{references,variables}' = '[]' THEN '{}' ELSE podline.variables_for(p.spec) END)
    FROM podline.attempt att
    JOIN podline.task_instance ti ON ti.id = att.instance_id
    JOIN podline.run u ON u.id = ti.run_id
    JOIN podline.dag_version v ON v.id = u.version_id
    JOIN podline.plan_task p ON p.version_id = u.version_id AND p.task_id = ti.task_id
   WHERE att.id = p_attempt);
END $$;

-- Takes the place of that in 0005_pool.sql: keeps when the attempt was scheduled and queued.
CREATE OR REPLACE FUNCTION pool.take(p_worker text, p_secret bytea, p_hashes bytea[])
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
    RETURNING t.id, t.run_id, t.dag_id, t.task_id, t.map_index, t.attempt_id, t.attempts, t.scheduled_at, t.queued_at, p.position
  ), made AS (
    INSERT INTO podline.attempt (id, instance_id, run_id, number, executor, worker_id, token_hash, scheduled_at, queued_at)
    OVERRIDING SYSTEM VALUE
    SELECT m.attempt_id, m.id, m.run_id, m.attempts, served, p_worker, p_hashes[m.position], m.scheduled_at, m.queued_at
      FROM moved m
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
