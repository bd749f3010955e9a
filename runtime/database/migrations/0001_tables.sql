-- Tables of the engine. Schema `podline` belongs to the owner; schema `report` is all a worker sees.
-- Rule: whatever the scheduler looks for by state has a partial index on the live states only, so that
-- cost follows the work of this second and not the length of the history.

CREATE SCHEMA podline;
CREATE SCHEMA report;
REVOKE ALL ON SCHEMA podline FROM PUBLIC;
REVOKE ALL ON SCHEMA report FROM PUBLIC;

-- The only clock that decides anything. STABLE, so that indexes serve `<= podline.now()`. The test kit
-- replaces this function by a virtual clock.
CREATE FUNCTION podline.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT statement_timestamp() $$;

-- One row: what all processes on this database share.
CREATE TABLE podline.installation (
  id                text PRIMARY KEY DEFAULT substr(md5(gen_random_uuid()::text), 1, 12),  -- labels the pods of this database
  default_executor  text NOT NULL DEFAULT 'local',    -- of tasks that name none
  is_only           boolean NOT NULL DEFAULT true UNIQUE CHECK (is_only)
);
INSERT INTO podline.installation DEFAULT VALUES;

CREATE FUNCTION podline.executor_of(p_executor text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_executor <> 'default' THEN p_executor ELSE (SELECT i.default_executor FROM podline.installation i) END
$$;

-- What the tasks of one DAG file need besides the plan: bundled code and files, content addressed.
CREATE TABLE podline.bundle (
  id          text PRIMARY KEY,                       -- sha256 of the canonical contents
  created_at  timestamptz NOT NULL DEFAULT podline.now()
);
CREATE TABLE podline.bundle_file (
  bundle_id   text NOT NULL REFERENCES podline.bundle ON DELETE CASCADE,
  path        text NOT NULL,
  content     bytea NOT NULL,
  PRIMARY KEY (bundle_id, path)
);

CREATE TABLE podline.dag (
  dag_id            text PRIMARY KEY,
  version_id        bigint,                           -- the version that new runs start on
  managed_by        text NOT NULL DEFAULT 'local',    -- local | pulumi | api
  source            text,                             -- DAG file, for people
  paused            boolean NOT NULL DEFAULT false,
  active            boolean NOT NULL DEFAULT true,    -- false: no longer in any bundle
  max_active_runs   int NOT NULL DEFAULT 16,
  max_active_tasks  int NOT NULL DEFAULT 16,
  next_logical_date timestamptz,                      -- tick that comes next
  next_run_at       timestamptz,                      -- when its run is due (end of its interval)
  schedule_error    text,                             -- set when the schedule of this DAG is quarantined
  created_at        timestamptz NOT NULL DEFAULT podline.now(),
  updated_at        timestamptz NOT NULL DEFAULT podline.now()
);
CREATE INDEX dag_due ON podline.dag (next_run_at) WHERE next_run_at IS NOT NULL AND NOT paused AND active;

-- Counters live apart from `dag`, because they change with every task.
CREATE TABLE podline.dag_load (
  dag_id        text PRIMARY KEY REFERENCES podline.dag ON DELETE CASCADE,
  active_tasks  int NOT NULL DEFAULT 0 CHECK (active_tasks >= 0),
  active_runs   int NOT NULL DEFAULT 0 CHECK (active_runs >= 0)
) WITH (fillfactor = 50);

CREATE TABLE podline.dag_version (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dag_id      text NOT NULL REFERENCES podline.dag ON DELETE CASCADE,
  hash        text NOT NULL,                          -- sha256 of canonical plan + bundle id
  plan        jsonb NOT NULL,                         -- the plan without its tasks
  bundle_id   text REFERENCES podline.bundle,
  created_at  timestamptz NOT NULL DEFAULT podline.now(),
  UNIQUE (dag_id, hash)
);
ALTER TABLE podline.dag ADD FOREIGN KEY (version_id) REFERENCES podline.dag_version;

-- One row a task, so that a claim reads one task and not a plan of ten thousand.
CREATE TABLE podline.plan_task (
  version_id  bigint NOT NULL REFERENCES podline.dag_version ON DELETE CASCADE,
  task_id     text NOT NULL,
  position    int NOT NULL,
  spec        jsonb NOT NULL,
  -- Read once a run start for every task: kept as columns so that ten thousand specs need no parsing.
  pool        text GENERATED ALWAYS AS (spec ->> 'pool') STORED,
  pool_slots  int GENERATED ALWAYS AS ((spec ->> 'poolSlots')::int) STORED,
  priority    int GENERATED ALWAYS AS ((spec ->> 'priority')::int) STORED,
  executor    text GENERATED ALWAYS AS (spec ->> 'executor') STORED,  -- `default`: see installation
  max_tries   int GENERATED ALWAYS AS (1 + (spec #>> '{retries,max}')::int) STORED,
  cap_dag     int GENERATED ALWAYS AS ((spec ->> 'maxActivePerDag')::int) STORED,
  cap_run     int GENERATED ALWAYS AS ((spec ->> 'maxActivePerRun')::int) STORED,
  PRIMARY KEY (version_id, task_id)
);

CREATE TABLE podline.backfill (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dag_id           text NOT NULL REFERENCES podline.dag ON DELETE CASCADE,
  from_date        timestamptz NOT NULL,
  to_date          timestamptz NOT NULL,
  reverse          boolean NOT NULL DEFAULT false,
  reprocess        text NOT NULL DEFAULT 'none' CHECK (reprocess IN ('none', 'failed', 'all')),
  max_active_runs  int NOT NULL DEFAULT 4 CHECK (max_active_runs > 0),
  params           jsonb NOT NULL DEFAULT '{}',
  active_runs      int NOT NULL DEFAULT 0,
  created_at       timestamptz NOT NULL DEFAULT podline.now(),
  ended_at         timestamptz
);

CREATE TABLE podline.run (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dag_id          text NOT NULL REFERENCES podline.dag ON DELETE CASCADE,
  run_id          text NOT NULL,                      -- for people: scheduled__2026-01-01T00:00:00Z
  version_id      bigint NOT NULL REFERENCES podline.dag_version,
  kind            text NOT NULL CHECK (kind IN ('scheduled', 'manual', 'backfill')),
  state           text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'success', 'failed')),
  cause           text,                               -- why it failed: cancelled, run_timeout, ...
  logical_date    timestamptz,
  interval_start  timestamptz,
  interval_end    timestamptz,
  params          jsonb NOT NULL DEFAULT '{}',
  backfill_id     bigint REFERENCES podline.backfill,
  backfill_order  int,
  seq             int NOT NULL DEFAULT 0,             -- grows with every change by a tick or a person
  note            text,
  created_at      timestamptz NOT NULL DEFAULT podline.now(),
  started_at      timestamptz,
  ended_at        timestamptz,
  timeout_at      timestamptz,
  UNIQUE (dag_id, run_id)
);
-- I8: a tick makes one run, however many schedulers see it.
CREATE UNIQUE INDEX run_tick ON podline.run (dag_id, logical_date) WHERE kind IN ('scheduled', 'backfill');
CREATE INDEX run_logical ON podline.run (dag_id, logical_date);
CREATE INDEX run_queued ON podline.run (dag_id, id) WHERE state = 'queued';
CREATE INDEX run_running ON podline.run (dag_id, id) WHERE state = 'running';
CREATE INDEX run_timeout ON podline.run (timeout_at) WHERE state = 'running' AND timeout_at IS NOT NULL;
CREATE INDEX run_backfill ON podline.run (backfill_id) WHERE backfill_id IS NOT NULL;

-- No foreign keys from here on: each would lock the run's row for every task. `db clean` deletes in
-- order, `db check` looks for orphans.
CREATE TABLE podline.task_instance (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id         bigint NOT NULL,
  dag_id         text NOT NULL,
  task_id        text NOT NULL,
  map_index      int NOT NULL DEFAULT -1,             -- -1: not mapped, or not yet expanded
  state          text NOT NULL DEFAULT 'none',
  cause          text,
  pool           text NOT NULL,
  pool_slots     int NOT NULL DEFAULT 1 CHECK (pool_slots > 0),
  priority       int NOT NULL DEFAULT 1,
  executor       text NOT NULL,
  attempts       int NOT NULL DEFAULT 0,              -- attempts made; numbers are dense 1..attempts
  tries_used     int NOT NULL DEFAULT 0,              -- of the user's budget
  infra_used     int NOT NULL DEFAULT 0,              -- of the infrastructure budget
  max_tries      int NOT NULL DEFAULT 1,              -- 1 + retries; clearing adds to it
  attempt_id     bigint,                              -- the attempt that may write, if any
  epoch          int NOT NULL DEFAULT 0,              -- grows when a person clears or marks
  not_before     timestamptz,                         -- end of up_for_retry, up_for_reschedule, deferred
  first_look_at  timestamptz,                         -- sensors: start of the timeout
  choice         jsonb,                               -- branch: ids to follow; short circuit: true | false
  map_length     int,                                 -- of the output: length of a list or object, -1 for others
  cap_dag        int,                                 -- most active instances of this task over all runs
  cap_run        int,                                 -- ... and in this run
  scheduled_at   timestamptz,
  queued_at      timestamptz,
  started_at     timestamptz,
  ended_at       timestamptz,
  UNIQUE (run_id, task_id, map_index)
) WITH (fillfactor = 80);
CREATE INDEX ti_scheduled ON podline.task_instance (dag_id, pool, priority DESC, id) WHERE state = 'scheduled';
CREATE INDEX ti_queued ON podline.task_instance (executor, priority DESC, id) WHERE state = 'queued';
CREATE INDEX ti_capped ON podline.task_instance (dag_id, task_id)
  WHERE state IN ('queued', 'launching', 'running') AND (cap_dag IS NOT NULL OR cap_run IS NOT NULL);
CREATE INDEX ti_waiting ON podline.task_instance (not_before)
  WHERE state IN ('up_for_retry', 'up_for_reschedule', 'deferred') AND not_before IS NOT NULL;

-- Processes that start attempts (schedulers with a local executor, pool workers).
CREATE TABLE podline.worker (
  id             text PRIMARY KEY,
  kind           text NOT NULL,                       -- scheduler | pool
  host           text NOT NULL,
  pid            int NOT NULL,
  lock_key       int NOT NULL,                        -- session advisory lock (7407, lock_key) held while alive
  executors      text[] NOT NULL DEFAULT '{}',
  slots          int NOT NULL DEFAULT 0,
  version        text,
  started_at     timestamptz NOT NULL DEFAULT podline.now(),
  heartbeat_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  stopped_at     timestamptz
);

CREATE TABLE podline.attempt (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance_id   bigint NOT NULL,
  run_id        bigint NOT NULL,
  number        int NOT NULL,
  state         text NOT NULL DEFAULT 'launching'
                CHECK (state IN ('launching', 'running', 'waiting', 'success', 'failed', 'skipped')),
  executor      text NOT NULL,
  worker_id     text,                                 -- the process that started it
  token_hash    bytea,                                -- sha256 of the launch token; gone once claimed
  -- Pods: token = HMAC(launch key, nonce), so that any scheduler can make the same pod again (runtime/database/roles.ts).
  nonce         bytea,
  secret_hash   bytea,                                -- sha256 of the worker's secret
  looks         int NOT NULL DEFAULT 1,               -- sensors: times a worker looked
  host          text,
  facts         jsonb,                                -- pid, cluster, namespace, pod, node, waiting, ...
  launched_at   timestamptz NOT NULL DEFAULT podline.now(),
  claimed_at    timestamptz,
  ended_at      timestamptz,
  lease_until   timestamptz,
  gone_at       timestamptz,                          -- the executor saw that no process is left
  cause         text,
  exit_code     int,
  message       text,                                 -- plain words for people
  outcome       jsonb,                                -- what the scheduler needs to decide (choice, delay)
  log_bytes     bigint NOT NULL DEFAULT 0,
  UNIQUE (instance_id, number)
) WITH (fillfactor = 80);
CREATE INDEX attempt_live ON podline.attempt (worker_id) WHERE gone_at IS NULL;
-- I6: at most one attempt of an instance may write. Live = not ended; the state is left out of every index of this
-- table, so that a claim is an update in place.
CREATE UNIQUE INDEX attempt_authority ON podline.attempt (instance_id)
  WHERE ended_at IS NULL;

-- What happened, or what a person asked for, and is not yet decided upon. Rows live for milliseconds; a tick deletes what it decides.
CREATE TABLE podline.event (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id       bigint NOT NULL,
  instance_id  bigint,
  attempt_id   bigint,
  kind         text NOT NULL,  -- ended | due | changed | queued | run_timeout | cancel | clear | mark
  data         jsonb          -- what a person asked for: cancel, clear, mark
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX event_run ON podline.event (run_id);

CREATE TABLE podline.pool (
  name         text PRIMARY KEY,
  slots        int NOT NULL CHECK (slots >= 0),
  used         int NOT NULL DEFAULT 0,
  description  text
) WITH (fillfactor = 50);
INSERT INTO podline.pool (name, slots, description) VALUES ('default_pool', 128, 'Tasks that name no pool');

CREATE TABLE podline.xcom (
  run_id       bigint NOT NULL,
  task_id      text NOT NULL,
  map_index    int NOT NULL DEFAULT -1,
  key          text NOT NULL,
  value        jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT podline.now(),
  PRIMARY KEY (run_id, task_id, map_index, key)
);

CREATE TABLE podline.log_chunk (
  attempt_id   bigint NOT NULL,
  -- `task`: what the worker or the main container wrote; else the name of an init container or sidecar.
  source       text NOT NULL DEFAULT 'task',
  seq          int NOT NULL,                          -- counted for each source
  written_at   timestamptz NOT NULL DEFAULT podline.now(),
  content      bytea NOT NULL,
  PRIMARY KEY (attempt_id, source, seq)
);

CREATE TABLE podline.variable (
  key          text PRIMARY KEY,
  value        jsonb NOT NULL,
  description  text,
  updated_at   timestamptz NOT NULL DEFAULT podline.now()
);

-- Callbacks wait here until delivered; a tick writes them in the transaction that caused them.
CREATE TABLE podline.outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id       bigint,
  instance_id  bigint,
  event        text NOT NULL,
  target       jsonb NOT NULL,                        -- a Notification of the plan
  payload      jsonb NOT NULL,
  tries        int NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL DEFAULT podline.now(),
  delivered_at timestamptz,
  dead_at      timestamptz,
  error        text,
  created_at   timestamptz NOT NULL DEFAULT podline.now()
);
CREATE INDEX outbox_due ON podline.outbox (next_at) WHERE delivered_at IS NULL AND dead_at IS NULL;

-- Who did what by hand. Append only.
CREATE TABLE podline.audit (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT podline.now(),
  actor    text NOT NULL,
  action   text NOT NULL,
  subject  text NOT NULL,
  details  jsonb NOT NULL DEFAULT '{}'
);

-- Files that could not be built: the last good version goes on running.
CREATE TABLE podline.build_error (
  source   text PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT podline.now(),
  errors   jsonb NOT NULL
);
