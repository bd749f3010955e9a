-- What people wrote, for those who look at a version: the DAG file and the modules of its author. Comments are in it, so
-- it is no part of the version; a registration with other comments writes it anew. Each text stands once, whatever many
-- DAGs and versions it belongs to.
CREATE TABLE podline.source_text (
  hash        text PRIMARY KEY,
  content     text NOT NULL
);
ALTER TABLE podline.dag_version ADD COLUMN sources_hash text;
CREATE TABLE podline.version_source (
  version_id  bigint NOT NULL REFERENCES podline.dag_version ON DELETE CASCADE,
  path        text NOT NULL,
  position    int NOT NULL,                           -- the DAG file is the first
  hash        text REFERENCES podline.source_text,    -- null: too long for people, or no text
  PRIMARY KEY (version_id, path)
);
