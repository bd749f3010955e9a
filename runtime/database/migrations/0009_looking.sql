-- What people look for over all DAGs: failed runs, runs of the last hours. Written when a run is made or ends, never by
-- a task.
CREATE INDEX run_failed ON podline.run (id) WHERE state = 'failed';
CREATE INDEX run_failed_at ON podline.run (ended_at) WHERE state = 'failed';
CREATE INDEX run_created ON podline.run (created_at);
CREATE INDEX run_ended ON podline.run (ended_at) WHERE ended_at IS NOT NULL;
