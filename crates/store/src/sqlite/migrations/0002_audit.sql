-- The audit: who did what. `seq` has no gaps; `body` is the form of module audit::body; `hash` is SHA-256 over the hash
-- before it and everything else in the row (module audit::chain). `tenant` is 0 for what belongs to none.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  tenant INTEGER NOT NULL,
  body BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;

-- Which entities a note is about: who looked at whom.
CREATE TABLE audit_subject (
  tenant INTEGER NOT NULL,
  entity TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (tenant, entity, seq)
) STRICT, WITHOUT ROWID;

-- Seals over the audit: what was signed, the signature, and the time stamp of another authority, if there is one.
CREATE TABLE audit_seal (
  number INTEGER PRIMARY KEY,
  statement TEXT NOT NULL,
  signature BLOB NOT NULL,
  token BLOB
) STRICT;

-- The last change before there was an audit: its entries tell of every change after that.
CREATE TABLE audit_begin (
  change INTEGER NOT NULL
) STRICT;
INSERT INTO audit_begin SELECT ifnull(max(seq), 0) FROM feed;
