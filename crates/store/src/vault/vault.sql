-- The vault. `proof` is sealed with the master key, so that another one is told at once.
CREATE TABLE vault (
  id BLOB NOT NULL,
  made INTEGER NOT NULL,
  proof BLOB NOT NULL
) STRICT;

-- A key belongs to an entity and the sorted set of its subjects, one on each line. `wrapped` is the nonce and the key
-- sealed with the master key; NULL once the key is destroyed. Numbers are never used again.
CREATE TABLE key (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  entity TEXT NOT NULL,
  subjects TEXT NOT NULL,
  made INTEGER NOT NULL,
  wrapped BLOB,
  destroyed INTEGER
) STRICT;
CREATE UNIQUE INDEX key_live ON key (tenant, entity, subjects) WHERE wrapped IS NOT NULL;
CREATE INDEX key_entity ON key (tenant, entity);

CREATE TABLE key_subject (
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  key INTEGER NOT NULL,
  PRIMARY KEY (tenant, subject, key)
) STRICT, WITHOUT ROWID;

-- The ledger of erasures. `whole` says that all of the subject was meant, and not only the entities named. `carried_out`
-- is when the keys were destroyed; NULL while they are not.
CREATE TABLE erasure (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  whole INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  carried_out INTEGER
) STRICT;
CREATE INDEX erasure_subject ON erasure (tenant, subject);

-- What an erasure took, and what of the subject's it left.
CREATE TABLE erased (
  number INTEGER NOT NULL,
  entity TEXT NOT NULL,
  kept INTEGER NOT NULL,
  PRIMARY KEY (number, entity)
) STRICT, WITHOUT ROWID;
