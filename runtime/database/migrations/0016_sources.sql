-- What people wrote, for those who look at a version: the DAG file and the modules of its author. Comments are in it, so
-- it is no part of the version; a registration with other comments writes it anew.
ALTER TABLE podline.dag_version ADD COLUMN sources_hash text;
CREATE TABLE podline.version_source (
  version_id  bigint NOT NULL REFERENCES podline.dag_version ON DELETE CASCADE,
  path        text NOT NULL,
  position    int NOT NULL,                           -- the DAG file is the first
  content     text NOT NULL,
  PRIMARY KEY (version_id, path)
);
