-- Which vault seals this graph, the last key that it may have sealed with, and the last erasure of the vault's ledger that
-- it has carried out. `words_to_wash` is not 0 while full text may still hold words of what was erased (module wash). One row once the store was opened with a vault.
CREATE TABLE vault (
  id BLOB NOT NULL,
  keys INTEGER NOT NULL,
  erased INTEGER NOT NULL,
  words_to_wash INTEGER NOT NULL
) STRICT;
