-- The past of entities beside what was observed (CIM 009 clauses 4.5.6 to 4.5.8).

-- `kind` tells what `observation.at` is: 0 when it was observed; 1 since when an instance said what it no longer says, where
-- nothing was observed; 2 when it was deleted. A negative `pk` belongs to nobody: housekeeping takes the series away.
CREATE TABLE series_of_kind (
  id INTEGER PRIMARY KEY,
  pk INTEGER NOT NULL,
  attribute INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  kind INTEGER NOT NULL,
  UNIQUE (pk, attribute, dataset, kind)
) STRICT;
INSERT INTO series_of_kind SELECT id, pk, attribute, dataset, 0 FROM series;
DROP TABLE series;
ALTER TABLE series_of_kind RENAME TO series;

-- Names of records that were moved to another time (module writer::evolve): all others are told from their place.
CREATE TABLE moved_record (
  series INTEGER NOT NULL,
  at INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;

-- What an entity was that is gone: its types and scopes without attributes, and when it went. Nothing is known of those
-- that went before.
ALTER TABLE departed ADD COLUMN doc BLOB;
ALTER TABLE departed ADD COLUMN at INTEGER;
CREATE TABLE departed_type (
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  pk INTEGER NOT NULL,
  PRIMARY KEY (tenant, type, pk)
) STRICT, WITHOUT ROWID;

CREATE INDEX departed_type_pk ON departed_type (pk);

-- Entities that came with their past and that nobody has written otherwise: they go with it.
CREATE TABLE evolved (
  pk INTEGER PRIMARY KEY
) STRICT;

-- When something of an entity vanishes next (clause 4.22).
CREATE TABLE expiry (
  at INTEGER NOT NULL,
  pk INTEGER NOT NULL,
  PRIMARY KEY (at, pk)
) STRICT, WITHOUT ROWID;
