-- People who sign in, what they may do, and their API tokens. Written by the webserver and by `podline users|tokens`.
-- Secrets (ids of sessions, tokens, links) are kept as SHA-256 of 32 random bytes, passwords as argon2id.

-- Somebody who has a password here, or whom an identity provider knows. The name stands in the audit log.
CREATE TABLE podline.user (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name           text NOT NULL,
  issuer         text,                -- both null: signs in here, with a password
  subject        text,
  password_hash  text,                -- null: none was set yet, or somebody else checks it
  groups         text[] NOT NULL DEFAULT '{}', -- as the provider said at the last sign-in
  disabled_at    timestamptz,
  signed_in_at   timestamptz,         -- the last time
  created_at     timestamptz NOT NULL DEFAULT podline.now(),
  CHECK ((issuer IS NULL) = (subject IS NULL)),
  CHECK (issuer IS NULL OR password_hash IS NULL)
);
-- Names that differ in case alone would be taken for each other.
CREATE UNIQUE INDEX user_name ON podline.user (lower(name));
CREATE UNIQUE INDEX user_subject ON podline.user (issuer, subject) WHERE issuer IS NOT NULL;

-- One role for all DAGs, for one DAG, or for those with a tag.
CREATE TABLE podline.user_grant (
  user_id  bigint NOT NULL REFERENCES podline.user ON DELETE CASCADE,
  role     text NOT NULL CHECK (role IN ('viewer', 'operator', 'editor', 'admin')),
  dag_id   text,
  tag      text,
  CHECK (dag_id IS NULL OR tag IS NULL)
);
CREATE UNIQUE INDEX user_grant_scope ON podline.user_grant (user_id, coalesce(dag_id, ''), coalesce(tag, ''));

CREATE TABLE podline.session (
  id_hash     bytea PRIMARY KEY,
  user_id     bigint NOT NULL REFERENCES podline.user ON DELETE CASCADE,
  created_at  timestamptz NOT NULL DEFAULT podline.now(),
  seen_at     timestamptz NOT NULL DEFAULT podline.now(), -- to the minute
  expires_at  timestamptz NOT NULL
);
CREATE INDEX session_of_user ON podline.session (user_id);
CREATE INDEX session_expires ON podline.session (expires_at);

-- What a token may do: its scopes, and never more than its user may at that moment.
CREATE TABLE podline.api_token (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     bigint NOT NULL REFERENCES podline.user ON DELETE CASCADE,
  name        text NOT NULL,
  token_hash  bytea NOT NULL UNIQUE,
  scopes      jsonb NOT NULL,          -- [{ role, dag?, tag? }]
  created_at  timestamptz NOT NULL DEFAULT podline.now(),
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz,             -- to the minute
  revoked_at  timestamptz
);
CREATE INDEX api_token_of_user ON podline.api_token (user_id, id);

-- Good for one password. Without a user: makes the first administrator, as long as there is nobody.
CREATE TABLE podline.password_link (
  token_hash  bytea PRIMARY KEY,
  user_id     bigint REFERENCES podline.user ON DELETE CASCADE,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX password_link_of_user ON podline.password_link (user_id);

-- Who may not try again yet: `account:` and `address:` with a hash. One row for each, however often.
CREATE TABLE podline.sign_in_failure (
  key            text PRIMARY KEY,
  failures       int NOT NULL,
  last_at        timestamptz NOT NULL,
  blocked_until  timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_last ON podline.sign_in_failure (last_at);

-- The audit log only grows.
CREATE FUNCTION podline.keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of podline.audit are neither changed nor deleted' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON podline.audit
  FOR EACH ROW EXECUTE FUNCTION podline.keep_audit();
