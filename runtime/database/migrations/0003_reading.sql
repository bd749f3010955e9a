-- What people look for first: the newest runs of one DAG, and the last one (`runs list`, `latest`).
CREATE INDEX run_recent ON podline.run (dag_id, id);
