-- The graph. Instants are microseconds since 1970; types, attributes and properties are numbers of `name`.

CREATE TABLE tenant (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- `pk` grows: it is the order in which entities entered the store. `doc` is the stored form (module codec).
CREATE TABLE entity (
  pk INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  doc BLOB NOT NULL,
  UNIQUE (tenant, id)
) STRICT;

-- Entities that are gone but have history: `pk` is what their series are kept under.
CREATE TABLE departed (
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  pk INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- One row for each type of an entity, and one with type 0.
CREATE TABLE entity_type (
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  pk INTEGER NOT NULL,
  PRIMARY KEY (tenant, type, pk)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_scope (
  tenant INTEGER NOT NULL,
  scope TEXT NOT NULL,
  pk INTEGER NOT NULL,
  PRIMARY KEY (tenant, scope, pk)
) STRICT, WITHOUT ROWID;

-- Exact counts. Type 0 counts all entities of a tenant.
CREATE TABLE type_count (
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (tenant, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE attribute_count (
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  attribute INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (tenant, type, attribute)
) STRICT, WITHOUT ROWID;

-- Attributes with an index of values (kind 1, by type) and searchable attributes (kind 2, type 0). `position` is the
-- last pk brought in; NULL once all are.
CREATE TABLE declared (
  kind INTEGER NOT NULL,
  type INTEGER NOT NULL,
  attribute INTEGER NOT NULL,
  position INTEGER,
  PRIMARY KEY (kind, type, attribute)
) STRICT, WITHOUT ROWID;

-- Values of declared attributes. Numbers are REAL; texts TEXT, cut; other kinds BLOB (module facets::value).
CREATE TABLE value_index (
  tenant INTEGER NOT NULL,
  type INTEGER NOT NULL,
  attribute INTEGER NOT NULL,
  value ANY NOT NULL,
  pk INTEGER NOT NULL,
  PRIMARY KEY (tenant, type, attribute, value, pk)
) STRICT, WITHOUT ROWID;

-- Who points at whom.
CREATE TABLE link (
  tenant INTEGER NOT NULL,
  object TEXT NOT NULL,
  attribute INTEGER NOT NULL,
  pk INTEGER NOT NULL,
  PRIMARY KEY (tenant, object, attribute, pk)
) STRICT, WITHOUT ROWID;

-- Points by cell of a Z-order curve (module cells), one row for each type.
CREATE TABLE geo_point (
  tenant INTEGER NOT NULL,
  property INTEGER NOT NULL,
  type INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  pk INTEGER NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL,
  PRIMARY KEY (tenant, property, type, cell, pk, lon, lat)
) STRICT, WITHOUT ROWID;

-- How many points there are in each coarse cell.
CREATE TABLE geo_grid (
  tenant INTEGER NOT NULL,
  property INTEGER NOT NULL,
  type INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (tenant, property, type, cell)
) STRICT, WITHOUT ROWID;

-- Lines, polygons and collections: their boxes. The tenant is a third axis of the tree.
CREATE TABLE geo_shape (
  id INTEGER PRIMARY KEY,
  pk INTEGER NOT NULL,
  property INTEGER NOT NULL
) STRICT;
CREATE INDEX geo_shape_pk ON geo_shape (pk, property);
CREATE VIRTUAL TABLE geo_box USING rtree (
  id, west, east, south, north, tenant_from, tenant_to,
  +property INTEGER, +pk INTEGER
);

-- Full text: `place` holds the tenant and the types as words. Words arrive folded and separated by spaces, so the
-- tokenizer has nothing to decide; what begins with § or ° is not in any text.
CREATE VIRTUAL TABLE words USING fts5 (
  place, name_exact, name, rest_exact, rest,
  content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3', detail = full
);

-- Hot history: observations of attribute instances. `dataset` is '' for the default instance.
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  pk INTEGER NOT NULL,
  attribute INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  UNIQUE (pk, attribute, dataset)
) STRICT;
CREATE TABLE observation (
  series INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;

-- The change feed, numbered without gaps across all tenants.
CREATE TABLE feed (
  seq INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  entity TEXT NOT NULL,
  kind INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE cursor (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB NOT NULL,
  results TEXT NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE record (
  tenant INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_count (
  tenant INTEGER NOT NULL,
  kind TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;
