-- As sqlite-1.sql, where the columns are explained, but for what several processes need.
-- Text is compared byte by byte, whatever the database's language.

CREATE TABLE meta (name TEXT COLLATE "C" PRIMARY KEY, value BYTEA NOT NULL);

-- One row per writing connection of a process; ids are never used again. seen: the newest erasure
-- of which it knows that a key is destroyed. sends: whether it takes lanes.
CREATE SEQUENCE node_id CACHE 1;
CREATE TABLE node (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  until TIMESTAMPTZ NOT NULL,
  seen BIGINT NOT NULL,
  sends BOOLEAN NOT NULL);

-- Whose row went lately: others may not have heard of it, nor of what it wrote.
CREATE TABLE departed (id BIGINT PRIMARY KEY, time TIMESTAMPTZ NOT NULL);

CREATE TABLE lane (
  lane SMALLINT PRIMARY KEY CHECK (lane BETWEEN 0 AND 63),
  node BIGINT REFERENCES node ON DELETE SET NULL);
INSERT INTO lane (lane) SELECT generate_series(0, 63);

-- What the process that has a lane is asked for by others.
CREATE TABLE command (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lane SMALLINT NOT NULL,
  kind TEXT NOT NULL,
  endpoint INTEGER NOT NULL);

CREATE TABLE tenant (
  number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL UNIQUE,
  data_key BYTEA NOT NULL);

CREATE TABLE endpoint (
  number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  tenant INTEGER NOT NULL,
  lane SMALLINT NOT NULL,
  state TEXT NOT NULL,
  since TEXT NOT NULL,
  last_success TEXT,
  failures INTEGER NOT NULL,
  last_error TEXT,
  enabled_time TEXT,
  removed_time TEXT,
  holds TEXT NOT NULL DEFAULT '',
  UNIQUE (namespace, name));
CREATE INDEX endpoint_tenant ON endpoint (tenant);
CREATE INDEX endpoint_lane ON endpoint (lane);

-- Events of one writer are committed in the order of their seq; those of several are not.
CREATE SEQUENCE event_seq CACHE 1;
CREATE TABLE event (
  seq BIGINT PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL,
  tenant INTEGER NOT NULL,
  accepted BIGINT NOT NULL,
  type TEXT NOT NULL,
  attributes BYTEA NOT NULL,
  targets BYTEA NOT NULL,
  lane SMALLINT NOT NULL,
  writer BIGINT NOT NULL);
CREATE INDEX event_id ON event (tenant, id);
CREATE INDEX event_feed ON event (lane, writer, seq);

CREATE TABLE payload (seq BIGINT PRIMARY KEY, data BYTEA NOT NULL);

-- The sum over a tenant's rows: each transaction adds some, and they are put together now and then. One
-- row that each changes would be a chain of versions for as long as somebody holds a snapshot.
CREATE TABLE stored_bytes (tenant INTEGER NOT NULL, bytes BIGINT NOT NULL);

CREATE TABLE delivery (
  endpoint INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  n INTEGER NOT NULL,
  due BIGINT,
  body BYTEA,
  replay BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (endpoint, seq));
CREATE INDEX delivery_due ON delivery (endpoint, due, seq) WHERE due IS NOT NULL;

CREATE SEQUENCE attempt_number CACHE 1;
CREATE TABLE attempt (
  number BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  endpoint INTEGER NOT NULL,
  n INTEGER NOT NULL,
  time BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER NOT NULL,
  error BYTEA,
  terminal INTEGER NOT NULL,
  next_time BIGINT,
  replay BIGINT NOT NULL DEFAULT 0,
  trace BYTEA NOT NULL);
CREATE INDEX attempt_endpoint ON attempt (endpoint, number);
CREATE INDEX attempt_seq ON attempt (seq, number);

CREATE TABLE exchange (number BIGINT PRIMARY KEY, data BYTEA NOT NULL);

CREATE TABLE dead_letter (
  endpoint INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (endpoint, seq));

CREATE TABLE replay (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  selection TEXT NOT NULL,
  types TEXT NOT NULL,
  events TEXT NOT NULL,
  from_time BIGINT,
  to_time BIGINT NOT NULL,
  rate INTEGER NOT NULL,
  up_to BIGINT NOT NULL,
  caller TEXT NOT NULL,
  created BIGINT NOT NULL,
  state TEXT NOT NULL,
  since BIGINT NOT NULL,
  cursor TEXT COLLATE "C" NOT NULL,
  reached BIGINT,
  selected BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  hastened BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  expired BIGINT NOT NULL);
CREATE INDEX replay_tenant ON replay (tenant, number);
CREATE INDEX replay_created ON replay (created);
CREATE INDEX replay_running ON replay (number) WHERE state = 'Running';

CREATE TABLE dedupe (seq BIGINT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE);

CREATE TABLE rejected (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source TEXT COLLATE "C" NOT NULL,
  position TEXT COLLATE "C" NOT NULL,
  time BIGINT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  payload BYTEA NOT NULL,
  UNIQUE (source, position));

CREATE TABLE key_denial (
  keyring TEXT COLLATE "C" NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  time BIGINT NOT NULL,
  PRIMARY KEY (keyring, key_id));

CREATE TABLE notice (
  name TEXT COLLATE "C" PRIMARY KEY,
  tenant INTEGER NOT NULL,
  time BIGINT NOT NULL);
CREATE INDEX notice_time ON notice (time);

CREATE TABLE alert (seq BIGINT PRIMARY KEY, tenant INTEGER NOT NULL);
CREATE INDEX alert_tenant ON alert (tenant);

CREATE TABLE audit (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant INTEGER NOT NULL,
  time BIGINT NOT NULL,
  caller TEXT NOT NULL,
  request TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT);
CREATE INDEX audit_tenant ON audit (tenant, number);

CREATE TABLE erasure (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant INTEGER NOT NULL,
  requested BIGINT NOT NULL,
  caller TEXT NOT NULL,
  sources TEXT NOT NULL,
  rows_gone INTEGER NOT NULL,
  completed BIGINT);
CREATE INDEX erasure_tenant ON erasure (tenant, number);

CREATE TABLE erased (
  erasure BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  deleted BIGINT NOT NULL,
  PRIMARY KEY (erasure, kind));

-- What is sealed does not get smaller: no time is spent on trying.
ALTER TABLE payload ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE exchange ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE delivery ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE rejected ALTER COLUMN payload SET STORAGE EXTERNAL;

-- Rows that went make room for new ones soon: tables keep their size.
ALTER TABLE delivery SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
ALTER TABLE event SET (autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE payload SET (autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE attempt SET (autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE exchange SET (autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE dedupe SET (autovacuum_vacuum_scale_factor = 0.01);
