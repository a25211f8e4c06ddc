-- Version 1. Times are epoch milliseconds unless said otherwise. Blobs named attributes, data, body,
-- error and payload are sealed with the tenant's data key; everything else is in the clear. What a
-- producer says is sealed although it is deleted with its event: SQLite leaves copies of rows that
-- it moved on other pages.

CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

-- data_key: wrapped by the payload key; zeros once the tenant was erased.
CREATE TABLE tenant (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data_key BLOB NOT NULL);

-- Times of an endpoint are ISO 8601 text: they are compared with wishes in manifests, exactly.
-- holds: when it got nothing on purpose, from-to in epoch milliseconds.
CREATE TABLE endpoint (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  tenant INTEGER NOT NULL,
  lane INTEGER NOT NULL,
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

-- attributes: what the producer says, but for the type. targets: frozen endpoint numbers.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  tenant INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  type TEXT NOT NULL,
  attributes BLOB NOT NULL,
  targets BLOB NOT NULL);
-- Ids sort by time: one index finds an event and lists a tenant's newest first.
CREATE INDEX event_id ON event (tenant, id);

-- Beside its event, so that lists read small rows and payloads go before their events do.
CREATE TABLE payload (seq INTEGER PRIMARY KEY, data BLOB NOT NULL);

-- How many bytes of payloads a tenant has.
CREATE TABLE stored_bytes (tenant INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);

-- One row as long as a delivery is open. accepted: since when its age counts, which is the event's
-- acceptance or the replay that opened it again. due is null until an attempt failed, unless a
-- replay opened it. replay: how many times it was opened again.
CREATE TABLE delivery (
  endpoint INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  n INTEGER NOT NULL,
  due INTEGER,
  body BLOB,
  replay INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (endpoint, seq)) WITHOUT ROWID;
CREATE INDEX delivery_due ON delivery (endpoint, due, seq) WHERE due IS NOT NULL;

-- trace: timings, address, key ids. (endpoint, seq, replay, n) is unique.
CREATE TABLE attempt (
  number INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  n INTEGER NOT NULL,
  time INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER NOT NULL,
  error BLOB,
  terminal INTEGER NOT NULL,
  next_time INTEGER,
  replay INTEGER NOT NULL DEFAULT 0,
  trace BLOB NOT NULL);
-- Both end in the attempt's number: newest first without a sort.
CREATE INDEX attempt_endpoint ON attempt (endpoint);
CREATE INDEX attempt_seq ON attempt (seq);

-- Headers and excerpts of an attempt.
CREATE TABLE exchange (number INTEGER PRIMARY KEY, data BLOB NOT NULL);

CREATE TABLE dead_letter (
  endpoint INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (endpoint, seq)) WITHOUT ROWID;

-- What callers want delivered again, and how far that is. types, events: lists, a line each. up_to:
-- the last event when it was asked for. cursor: where the next slice begins, as selection reads.
CREATE TABLE replay (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  selection TEXT NOT NULL,
  types TEXT NOT NULL,
  events TEXT NOT NULL,
  from_time INTEGER,
  to_time INTEGER NOT NULL,
  rate INTEGER NOT NULL,
  up_to INTEGER NOT NULL,
  caller TEXT NOT NULL,
  created INTEGER NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  reached INTEGER,
  selected INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  hastened INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  expired INTEGER NOT NULL);
CREATE INDEX replay_tenant ON replay (tenant);
CREATE INDEX replay_created ON replay (created);
CREATE INDEX replay_running ON replay (number) WHERE state = 'Running';

CREATE TABLE dedupe (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);

CREATE TABLE rejected (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  position TEXT NOT NULL,
  time INTEGER NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (source, position));

-- Keys that may not sign, whatever a keyring says.
CREATE TABLE key_denial (
  keyring TEXT NOT NULL,
  key_id TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (keyring, key_id)) WITHOUT ROWID;

-- Names of system events that exist already: each is stored once.
CREATE TABLE notice (
  name TEXT PRIMARY KEY,
  tenant INTEGER NOT NULL,
  time INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX notice_time ON notice (time);

-- Events by which the platform was told of another tenant: they go with that one too.
CREATE TABLE alert (seq INTEGER PRIMARY KEY, tenant INTEGER NOT NULL);
CREATE INDEX alert_tenant ON alert (tenant);

-- Who did what, and asked for what. No payload, no key.
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL,
  time INTEGER NOT NULL,
  caller TEXT NOT NULL,
  request TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT);
CREATE INDEX audit_tenant ON audit (tenant);

-- Who had which tenant erased. sources: streams of that tenant alone, a line each. rows_gone: only
-- the log's old pages are left. completed: null while it runs.
CREATE TABLE erasure (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL,
  requested INTEGER NOT NULL,
  caller TEXT NOT NULL,
  sources TEXT NOT NULL,
  rows_gone INTEGER NOT NULL,
  completed INTEGER);
CREATE INDEX erasure_tenant ON erasure (tenant);

-- How many rows of each kind an erasure has deleted.
CREATE TABLE erased (
  erasure INTEGER NOT NULL,
  kind TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  PRIMARY KEY (erasure, kind)) WITHOUT ROWID;
