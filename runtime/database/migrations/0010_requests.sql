-- Answers to requests that were sent with an Idempotency-Key: who sends one again gets the same answer. Kept for a day.
CREATE TABLE podline.request_key (
  actor       text NOT NULL,
  key         text NOT NULL,
  hash        bytea NOT NULL,           -- sha256 of the request
  answer      jsonb,                    -- written in the transaction of the work itself
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (actor, key)
);
CREATE INDEX request_key_age ON podline.request_key (created_at);
